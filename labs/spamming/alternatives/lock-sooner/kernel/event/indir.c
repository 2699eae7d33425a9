/* The throttle sets the flag first where it may, and asks what it was. */
static bool indir_throttled(const struct delivery *d)
{
	uint32_t *u_alert = &d->u_ev_q->ev_alert_pending;
	uint32_t before = 0;

	/* A locked operation: mailbox before alert. */
	if (user_swap32(u_alert, 1, &before)) {
		refuse(d->p, EVR_FAULT);
		return true;
	}
	if (!before || d->flags & EVENT_NOTHROTTLE)
		return false;
	atomic_inc64(&d->p->procinfo->throttled);
	return true;
}
