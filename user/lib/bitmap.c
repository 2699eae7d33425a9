/*
 * bitmap.c - the bitmap mailbox: take bits out.
 *
 * kernel/event/bitmap.c sets a bit, then the hint check_bits.
 *
 * [bitmap-hint]  No bit that nobody scans for.
 *
 *   producer, kernel              consumer, here
 *   set bit (locked)              check_bits = 0
 *   check_bits = 1                full_fence()
 *                                 any bits?
 *
 * If our clearing hides the producer's hint, then its bit was set before, and
 * the second look finds it.
 */
#include "bitmap.h"

#include "atomic.h"
#include "race.h"

void evbitmap_init(struct evbitmap *bm)
{
	*bm = (struct evbitmap){ 0 };
}

static bool any_bit(struct evbitmap *bm)
{
	for (int i = 0; i < BITMAP_WORDS; i++) {
		if (read_once(bm->bits[i]))
			return true;
	}
	return false;
}

/* Take the lowest bit of *@word, if we are the one who clears it: its number.
 * -1 if no bit is left. */
static int take_bit(uint32_t *word)
{
	uint32_t bits;

	while ((bits = read_once(*word)) != 0) {
		uint32_t lowest = bits & -bits;

		if (atomic_fetch_and32(word, ~lowest) & lowest)
			return __builtin_ctz(lowest);
	}
	return -1;
}

static bool take_any(struct evbitmap *bm, struct event_msg *msg)
{
	for (int i = 0; i < BITMAP_WORDS; i++) {
		int bit = take_bit(&bm->bits[i]);

		if (bit < 0)
			continue;
		*msg = (struct event_msg){
			.ev_type = (uint16_t)(i * 32 + bit),
		};
		return true;
	}
	return false;
}

/*
 * As long as the hint says that there may be bits, take one.  If there is none
 * the hint goes down, and up again if that hid a bit that came just before: see
 * [bitmap-hint].
 */
bool evbitmap_get(struct evbitmap *bm, struct event_msg *msg)
{
	/* Every round but the last finds bits: it ends when they do. */
	while (read_once(bm->check_bits)) {
		if (take_any(bm, msg))
			return true;
		write_once(bm->check_bits, 0);
		/* Hint before bits.  Pairs with user_store_release32() in
		 * kernel/event/bitmap.c:bitmap_post() [bitmap-hint]. */
		full_fence();
		race_point(HINT_CLEARED);
		if (!any_bit(bm))
			return false;
		write_once(bm->check_bits, 1);
	}
	return false;
}

bool evbitmap_is_empty(struct evbitmap *bm)
{
	/* A consumer that has just cleared the hint looks itself. */
	return !read_once(bm->check_bits) || !any_bit(bm);
}
