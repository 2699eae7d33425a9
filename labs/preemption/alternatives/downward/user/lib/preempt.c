/* Helps the vcore before it, not the one behind it, and takes the mail with
 * one compare-and-swap at a time. */
static bool stop_posts(struct vcpd *vcpd)
{
	for (;;) {
		uint32_t flags = read_once(vcpd->flags);

		if (!(flags & VC_PREEMPTED))
			return false;
		if (!(flags & VC_CAN_RCV_MSG))
			return true;
		if (atomic_cas32(&vcpd->flags, flags,
				 flags & ~(uint32_t)VC_CAN_RCV_MSG))
			return true;
	}
}

static bool take_messages(uint32_t vcoreid)
{
	bool gone = stop_posts(vcpd_of(vcoreid));

	if (gone)
		handle_vcpd_mbox(vcoreid);
	return gone;
}

static void help_somebody(void)
{
	uint32_t n = max_vcores(), self = vcore_id();
	uint32_t v = self;

	while ((v = (v + n - 1) % n) != self) {
		uint32_t flags = read_once(vcpd_of(v)->flags);

		if (!(flags & VC_PREEMPTED))
			continue;
		if (!read_once(vcpd_of(v)->notif_disabled))
			continue;
		if (!syscall_call(SYS_change_vcore, v, false, 0, 0, 0))
			return;
	}
}
