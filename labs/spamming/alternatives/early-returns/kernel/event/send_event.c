/* Round robin by comparison in place of a division, and first the rest of the
 * vcores, then those before. */
static uint32_t online_in(struct delivery *d, uint32_t from, uint32_t to)
{
	while (from < to && !read_once(d->p->procinfo->vcoremap[from].valid))
		from++;
	return from;
}

static uint32_t next_vcore(struct delivery *d, uint32_t last)
{
	uint32_t max = d->p->max_vcores;
	uint32_t next = max;

	if (last < max)
		next = online_in(d, last + 1, max);
	if (next == max)
		next = online_in(d, 0, max);
	if (next == max)
		next = 0;
	if (user_store32(&d->u_ev_q->ev_vcore, next) != 0)
		refuse(d->p, EVR_FAULT);
	return next;
}
