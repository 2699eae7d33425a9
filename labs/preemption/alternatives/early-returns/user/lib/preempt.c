/* A refusal is said where it is found. */
static bool steal_begin(struct vcpd *vcpd)
{
	for (;;) {
		uint32_t flags = read_once(vcpd->flags);
		uint32_t both = VC_PREEMPTED | VC_UTHREAD_STEALING;

		if ((flags & both) != VC_PREEMPTED)
			return false;
		if (atomic_cas32(&vcpd->flags, flags,
				 flags | VC_UTHREAD_STEALING))
			return true;
	}
}

static void on_preempt_pending(struct event_msg *msg, unsigned int ev_type,
			       void *data)
{
	uint32_t self = vcore_id();
	struct uthread *uth;

	if (vcore_is_raw() || msg->ev_arg2 != self)
		return;
	if (!read_once(procinfo->vcoremap[self].preempt_at))
		return;
	uth = detach_current_uthread();
	if (uth)
		sched_get()->runnable(uth);
	else if (current_uthread())
		return;
	vcore_reenter(leave_nicely);
}
