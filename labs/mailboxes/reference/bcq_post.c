/*
 * bcq_post.c - the bounded ring with overflow bits, producing half.
 */
#include "bcq.h"

#include "event/post.h"
#include "mm/usercopy.h"
#include "sync/atomic.h"

/* Rounds on the ring's index before we call it full, which is always safe. */
#define BCQ_TRIES	10

/* Claim a slot in *@idx; *@claimed is false if there is none. */
static int bcq_claim(struct bcq *u_bcq, uint32_t *idx, bool *claimed)
{
	uint32_t cons;

	*claimed = false;
	for (int i = 0; i < BCQ_TRIES && !*claimed; i++) {
		if (user_load32(&u_bcq->prod_idx, idx) ||
		    user_load32(&u_bcq->cons_idx, &cons))
			return -1;
		if (*idx - cons >= BCQ_SLOTS)
			return 0;
		if (user_cas32(&u_bcq->prod_idx, *idx, *idx + 1, claimed))
			return -1;
	}
	return 0;
}

/* No slot: only the type is kept. */
static int bcq_overflow(struct bcq *u_bcq, uint32_t type)
{
	uint32_t bit = 1U << type % 32, old;

	/* Bit before flag.  Pairs with full_fence() in bcq_get.c:take_bits()
	 * [bcq-closed]. */
	if (user_fetch_or32(&u_bcq->bits[type / 32], bit, &old) ||
	    user_store_release32(&u_bcq->check, 1))
		return POST_REFUSED(EVR_FAULT);
	return old & bit ? POST_COALESCED : POST_NEW;
}

int bcq_post(struct bcq *u_bcq, const struct event_msg *msg)
{
	uint32_t closed, idx;
	struct ucq_slot *u_slot;
	bool claimed;

	if (msg->ev_type >= MAX_NR_EVENT)
		return POST_REFUSED(EVR_BAD_TYPE);
	if (user_load32(&u_bcq->check, &closed))
		return POST_REFUSED(EVR_FAULT);
	if (closed)
		return bcq_overflow(u_bcq, msg->ev_type);
	if (bcq_claim(u_bcq, &idx, &claimed))
		return POST_REFUSED(EVR_FAULT);
	if (!claimed)
		return bcq_overflow(u_bcq, msg->ev_type);
	u_slot = &u_bcq->slot[idx % BCQ_SLOTS];
	if (copy_to_user(&u_slot->msg, msg, sizeof(*msg)) ||
	    /* Message before ready.  Pairs with load_acquire() in
	     * bcq_get.c:take_slot() [bcq-ready]. */
	    user_store_release32(&u_slot->ready, 1))
		return POST_REFUSED(EVR_FAULT);
	return POST_NEW;
}
