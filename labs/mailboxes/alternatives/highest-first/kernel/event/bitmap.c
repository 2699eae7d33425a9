/* The word and the bit have names. */
int bitmap_post(struct evbitmap *u_evbm, const struct event_msg *msg)
{
	uint32_t type = msg->ev_type, old = 0, hint;
	uint32_t *u_word;

	if (type >= MAX_NR_EVENT)
		return POST_REFUSED(EVR_BAD_TYPE);
	u_word = &u_evbm->bits[type >> 5];
	if (user_fetch_or32(u_word, 1U << (type & 31), &old) ||
	    user_fetch_or32(&u_evbm->check_bits, 1, &hint))
		return POST_REFUSED(EVR_FAULT);
	if (old >> (type & 31) & 1)
		return POST_COALESCED;
	return POST_NEW;
}
