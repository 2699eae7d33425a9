/* The highest bit first, and a hint that is exchanged. */
static int take_bit(uint32_t *word)
{
	for (;;) {
		uint32_t bits = read_once(*word);
		uint32_t bit;
		int n;

		if (!bits)
			return -1;
		n = 31 - __builtin_clz(bits);
		bit = 1U << n;
		if (atomic_fetch_and32(word, ~bit) & bit)
			return n;
	}
}

bool evbitmap_get(struct evbitmap *bm, struct event_msg *msg)
{
	for (;;) {
		if (!read_once(bm->check_bits))
			return false;
		if (take_any(bm, msg))
			return true;
		atomic_swap32(&bm->check_bits, 0);	/* a full fence, too */
		if (!any_bit(bm))
			return false;
		write_once(bm->check_bits, 1);
	}
}
