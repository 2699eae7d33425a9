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

void vcore_heed_warning(void)
{
	struct uthread *uth;

	while (is_warned()) {
		uth = detach_current_uthread();
		if (uth)
			sched_get()->runnable(uth);
		else if (current_uthread())
			return;
		vcore_yield(true);
	}
}
