/* The mask is taken back by a locked operation, which is the fence. */
static void unmask(uint32_t vcoreid)
{
	struct vcpd *vcpd = vcpd_of(vcoreid);
	bool look;

	atomic_swap32(&vcpd->notif_disabled, 0);
	look = read_once(vcpd->notif_pending);
	look |= !!(read_once(vcpd->flags) & VC_UTHREAD_STEALING);
	if (look)
		come_in(vcoreid);
}
