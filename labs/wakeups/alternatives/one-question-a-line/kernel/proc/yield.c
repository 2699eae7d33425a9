/* The reasons to stay in another order, and the sleeper's vcores counted
 * down. */
static bool mcp_stays(struct proc *p, uint32_t vcoreid, bool being_nice)
{
	const struct vcore_map *map = &p->procinfo->vcoremap[vcoreid];
	bool coming = map->preempts_sent != map->preempts_done;

	if (p->state != PROC_RUNNING_M || coming)
		return true;
	if (being_nice)
		return map->preempt_at == 0;
	if (read_once(vcpd_of(p, vcoreid)->notif_pending))
		return true;
	return read_once(p->procdata->cores_wanted) >=
	       p->procinfo->num_vcores;
}

static bool scp_sleep_locked(struct proc *p, struct vcpd *vcpd)
{
	bool sleeps;

	assert(spin_held(&p->lock));
	proc_set_state(p, PROC_WAITING);
	full_fence();
	sleeps = !read_once(vcpd->notif_pending);
	if (!sleeps) {
		proc_set_state(p, PROC_RUNNING_S);
		if (read_once(vcpd->flags) & VC_SCP_NOVCCTX)
			write_once(vcpd->notif_pending, 0);
	}
	return sleeps;
}

void proc_wakeup(struct proc *p)
{
	bool waits, mcp;

	spin_lock(&p->lock);
	waits = p->state == PROC_WAITING;
	mcp = p->is_mcp;
	if (waits) {
		trace(TRACE_WAKEUP, p->pid, 0);
		atomic_inc64(&p->procinfo->wakeups);
		proc_set_state(p, mcp ? PROC_RUNNABLE_M : PROC_RUNNABLE_S);
	}
	if (waits && !mcp)
		sched_scp_runnable(p);
	spin_unlock(&p->lock);
	if (waits && mcp)
		sched_poke();
}
