/* The checks in another order; the one that goes is marked before it is
 * saved. */
static int trade_locked(struct core *core, struct proc *p, uint32_t vcoreid,
			bool enable_notifs)
{
	uint32_t mine = core->owner_vcoreid;
	struct vcore_map *map = p->procinfo->vcoremap;
	struct vcpd *vcpd = vcpd_of(p, mine);

	if (vcoreid >= p->max_vcores)
		return -EINVAL;
	if (!p->is_mcp)
		return -EINVAL;
	if (map[mine].preempts_done != map[mine].preempts_sent)
		return -EAGAIN;
	if (p->state != PROC_RUNNING_M)
		return -EINVAL;
	if (map[vcoreid].valid)
		return -EBUSY;
	atomic_fetch_or32(&vcpd->flags, VC_PREEMPTED);
	if (!enable_notifs)
		context_save(&vcpd->vcore_ctx, core->ctx);
	else
		write_once(vcpd->notif_disabled, 0);
	write_once(map[vcoreid].preempt_at, map[mine].preempt_at);
	vcore_offline(p, mine);
	vcore_stay(p, vcoreid);
	return 0;
}
