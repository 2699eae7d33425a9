/* Each step of a recovery scans from the first entry: slower, and right, for
 * an entry that was taken is not posted. */
static bool take_entry(struct ceq *ceq, uint32_t id, struct event_msg *msg)
{
	struct ceq_event *event = &ceq->events[id];
	struct event_msg taken = { .ev_type = (uint16_t)id };

	if (!atomic_swap32(&event->idx_posted, 0))
		return false;
	taken.ev_arg4 = atomic_swap64(&event->coalesce, 0);
	taken.ev_arg2 = (uint32_t)taken.ev_arg4;
	taken.ev_arg3 = read_once(event->blob);
	*msg = taken;
	return true;
}

static bool scan_locked(struct ceq *ceq, struct event_msg *msg)
{
	uint32_t last = read_once(ceq->max_event_ever);

	for (uint32_t id = 0; id < ceq->nr_events && id <= last; id++) {
		if (take_entry(ceq, id, msg))
			return true;
	}
	write_once(ceq->overflow_recovery, 0);
	return false;
}
