/*
 * bcq_get.c - the bounded ring with overflow bits, taking half.
 *
 * One consumer at a time: what was taken out of the bits must be delivered
 * before anything else, by whoever comes.
 */
#include "bcq.h"

#include "atomic.h"
#include "preempt.h"
#include "uspin.h"

/* The oldest claimed slot; its producer may still be filling it. */
static bool take_slot(struct bcq *bcq, struct event_msg *msg)
{
	uint32_t cons = bcq->cons_idx;
	struct ucq_slot *slot = &bcq->slot[cons % BCQ_SLOTS];

	if (cons == read_once(bcq->prod_idx))
		return false;
	/* Ready before message.  Pairs with user_store_release32() in
	 * bcq_post.c:bcq_post() [bcq-ready]. */
	while (!load_acquire(&slot->ready))
		vcore_relax();
	*msg = slot->msg;
	write_once(slot->ready, 0);
	/* All that before the slot is free: a plain release on x86. */
	store_release(&bcq->cons_idx, cons + 1);
	return true;
}

/* One of the bits that were taken. */
static bool take_lost(struct bcq *bcq, struct event_msg *msg)
{
	for (uint32_t w = 0; w < BITMAP_WORDS; w++) {
		uint32_t bits = bcq->taken[w];

		if (!bits)
			continue;
		bcq->taken[w] = bits & (bits - 1);
		*msg = (struct event_msg){
			.ev_type = (uint16_t)(w * 32 + __builtin_ctz(bits)),
			.ev_arg2 = BCQ_LOST,
		};
		return true;
	}
	return false;
}

/* The ring is empty.  If it was closed, open it and take the bits. */
static bool take_bits(struct bcq *bcq)
{
	if (!read_once(bcq->check))
		return false;
	write_once(bcq->check, 0);
	/* Flag before bits.  Pairs with user_fetch_or32() in
	 * bcq_post.c:bcq_overflow() [bcq-closed]. */
	full_fence();
	for (uint32_t w = 0; w < BITMAP_WORDS; w++)
		bcq->taken[w] = atomic_swap32(&bcq->bits[w], 0);
	return true;
}

bool bcq_get(struct bcq *bcq, struct event_msg *msg)
{
	bool found;

	uspin_lock_word(&bcq->cons_lock);
	/* Every round but the last takes a flag: it ends when producers do. */
	do
		found = take_lost(bcq, msg) || take_slot(bcq, msg);
	while (!found && take_bits(bcq));
	uspin_unlock_word(&bcq->cons_lock);
	return found;
}
