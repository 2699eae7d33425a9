/*
 * bcq.h - a bounded ring of messages with overflow bits: the challenge of lab
 * mailboxes, solved.
 *
 * In a kernel this is EV_MBOX_BCQ, a fourth member of struct event_mbox.
 *
 * [bcq-closed]  Nothing sent after an overflow is delivered before it.
 *
 *   producer, bcq_post()           consumer, bcq_get()
 *   check? the ring is closed      the ring is empty:
 *   else claim a slot, if any      check = 0
 *   or:  set the type's bit        full_fence()
 *        check = 1                 take all bits; deliver them
 *                                  before the ring
 *
 * From the moment at which a bit is set until it is taken the ring takes no
 * more.  A producer that finds it open again posts behind bits that are taken
 * already, and those are delivered first.  Order costs this: while an overflow
 * is unread, every message is only a bit.
 */
#pragma once

#include "abi/event.h"

#define BCQ_SLOTS	64U		/* a power of two */
#define BCQ_LOST	0xffffffffU	/* arg2: one at least of these is lost */

struct bcq {
	struct ucq_slot	slot[BCQ_SLOTS];
	uint32_t	prod_idx;	/* kernel: next slot to claim */
	uint32_t	cons_idx;	/* user: slots below are free again */
	uint32_t	check;		/* kernel sets, user clears [bcq-closed] */
	uint32_t	bits[BITMAP_WORDS];	/* kernel sets, user takes */
	uint32_t	taken[BITMAP_WORDS];	/* user: to be delivered first */
	uint32_t	cons_lock;	/* user: one consumer at a time */
};

/* Put @msg into the ring, or its type into the bits; POST_* of event/post.h.
 * Allocates nothing, and cannot fail but for bad memory or a bad type. */
int bcq_post(struct bcq *u_bcq, const struct event_msg *msg);

/* Take one message; false: none.  Ring first, in the order of claims; then, for
 * each bit, one message of that type with arg2 = BCQ_LOST. */
bool bcq_get(struct bcq *bcq, struct event_msg *msg);
