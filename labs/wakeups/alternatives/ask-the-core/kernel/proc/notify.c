/* The sender does not look whether notifications are masked: the core finds
 * out.  An interrupt too many, and right. */
void proc_notify(struct proc *p, uint32_t vcoreid)
{
	struct vcpd *vcpd = vcpd_of(p, vcoreid);
	struct vcore_map *map = &p->procinfo->vcoremap[vcoreid];
	uint32_t coreid;

	write_once(vcpd->notif_pending, 1);
	full_fence();
	if (!read_once(map->valid))
		return;
	if (!read_once(vcpd->notif_disabled))
		atomic_inc64(&p->procinfo->notifies);
	coreid = read_once(map->coreid);
	trace(TRACE_NOTIFY, p->pid, coreid);
	kmsg_send(coreid, &core_of(coreid)->look);
}

void notify_look(struct kmsg *msg)
{
	struct core *core = this_core();
	struct proc *p = core->owner;
	struct vcpd *vcpd;

	if (!p || proc_is_dying(p))
		return;
	trace(TRACE_LOOK, p->pid, core->owner_vcoreid);
	vcpd = vcpd_of(p, core->owner_vcoreid);
	if (read_once(vcpd->notif_disabled))
		return;
	if (!read_once(vcpd->notif_pending))
		return;
	if (!(read_once(vcpd->flags) & VC_SCP_NOVCCTX))
		upcall_interrupt(core, p);
}
