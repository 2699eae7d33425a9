/*
 * bitmap.c - the mailbox that only says which types have come.
 *
 * [bitmap-hint]  No bit is set that nobody scans for.
 *
 *   producer, bitmap_post()      consumer, evbitmap_get()
 *   set the bit                  check_bits = 0
 *   check_bits = 1               full_fence()
 *                                scan the bits
 *
 * A consumer that clears the hint which we have just set scans after that, and
 * our bit was set before it.  The hint first would lose: set, cleared, scanned
 * in vain, and then the bit.
 */
#include "event/bitmap.h"

#include "core/race.h"
#include "mm/usercopy.h"

/* A type without a bit is refused as EVR_BAD_TYPE, memory that is not there as
 * EVR_FAULT.  A bit that was there already is a message that melted into it. */
int bitmap_post(struct evbitmap *u_evbm, const struct event_msg *msg)
{
	uint32_t type = msg->ev_type;
	uint32_t bit = 1U << type % 32;
	uint32_t old;

	if (type >= MAX_NR_EVENT)
		return POST_REFUSED(EVR_BAD_TYPE);
	if (user_fetch_or32(&u_evbm->bits[type / 32], bit, &old))
		return POST_REFUSED(EVR_FAULT);
	race_point(BITMAP_SET);
	/* Bit before hint.  Pairs with full_fence() in
	 * user/lib/bitmap.c:evbitmap_get() [bitmap-hint]. */
	if (user_store_release32(&u_evbm->check_bits, 1))
		return POST_REFUSED(EVR_FAULT);
	return old & bit ? POST_COALESCED : POST_NEW;
}
