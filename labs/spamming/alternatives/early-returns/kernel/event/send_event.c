/* Round robin by comparison in place of a division. */
static uint32_t next_vcore(struct delivery *d, uint32_t last)
{
	uint32_t online = read_once(d->p->procinfo->num_vcores);
	uint32_t next = last + 1;

	if (online == 0)
		next = 0;
	else
		next %= online;
	if (user_store32(&d->u_ev_q->ev_vcore, next) != 0)
		refuse(d->p, EVR_FAULT);
	return next;
}
