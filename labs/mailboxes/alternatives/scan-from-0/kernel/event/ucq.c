/* The flag is looked at once, and what follows from it is a function. */
static int take_slot(struct ucq *u_ucq, uint64_t *idx)
{
	uint32_t overflow;

	if (user_load32(&u_ucq->prod_overflow, &overflow))
		return -1;
	if (overflow)
		return 0;
	if (user_fetch_add64(&u_ucq->prod_idx, 1, idx))
		return -1;
	if ((*idx & UCQ_SLOT_MASK) < UCQ_SLOTS)
		return 1;
	return user_store32(&u_ucq->prod_overflow, 1) ? -1 : 0;
}

int ucq_post(struct proc *p, struct ucq *u_ucq, const struct event_msg *msg)
{
	uint64_t idx;
	int taken = take_slot(u_ucq, &idx), err;

	if (taken < 0)
		return POST_REFUSED(EVR_FAULT);
	if (!taken) {
		err = ucq_post_full(p, u_ucq, &idx);
		if (err)
			return err;
	}
	return ucq_fill(idx, msg);
}
