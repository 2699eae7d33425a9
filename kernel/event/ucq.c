/*
 * ucq.c - the unbounded concurrent queue, producing half.
 *
 * A chain of pages, each an array of slots.  A producer takes a slot with one
 * fetch-and-add, which gives page and slot in one word, copies its message
 * there and sets the slot's ready flag.  Only at the end of a page is there a
 * lock.
 *
 * The words are the user's to ruin.  A slot is then wherever prod_idx says,
 * but always in user memory, and a page that is full can be met only once by
 * each producer before it takes the lock, where slot 0 of the new page is its
 * own whatever the process does to the counter.
 */
#include "event/ucq.h"

#include "abi/signal.h"
#include "core/race.h"
#include "mm/aspace.h"
#include "mm/usercopy.h"
#include "proc/proc.h"

/* Locks for page ends: two UCQs may share one, which costs only time. */
#define UCQ_LOCKS	16

#define UCQ_LOCK	SPINLOCK_INIT("ucq", RANK_UCQ)

static struct spinlock ucq_locks[UCQ_LOCKS] = {
	UCQ_LOCK, UCQ_LOCK, UCQ_LOCK, UCQ_LOCK,
	UCQ_LOCK, UCQ_LOCK, UCQ_LOCK, UCQ_LOCK,
	UCQ_LOCK, UCQ_LOCK, UCQ_LOCK, UCQ_LOCK,
	UCQ_LOCK, UCQ_LOCK, UCQ_LOCK, UCQ_LOCK,
};

static struct spinlock *ucq_lock_of(struct ucq *u_ucq)
{
	uintptr_t u = (uintptr_t)u_ucq;

	return &ucq_locks[(u >> 5 ^ u >> 12) % UCQ_LOCKS];
}

static struct ucq_page *ucq_page_of(uint64_t idx)
{
	return (struct ucq_page *)(idx & UCQ_PAGE_MASK);
}

/*
 * Fill the slot that @idx names, which is ours alone.
 *
 * [ucq-ready]  The message before the flag; the consumer looks at the flag
 * before the message.  x86 keeps both orders, compilers must be told.
 */
static int ucq_fill(uint64_t idx, const struct event_msg *msg)
{
	struct ucq_slot *u_slot = &ucq_page_of(idx)->slot[idx & UCQ_SLOT_MASK];

	race_point(UCQ_CLAIMED);
	if (copy_to_user(&u_slot->msg, msg, sizeof(*msg)))
		return POST_REFUSED(EVR_FAULT);
	/* Message before flag.  Pairs with load_acquire() in
	 * user/lib/ucq.c:ucq_get() [ucq-ready]. */
	if (user_store_release32(&u_slot->ready, 1))
		return POST_REFUSED(EVR_FAULT);
	return POST_NEW;
}

/* A page for @u_ucq to go on with, empty: the one that a consumer gave back,
 * or a new one. */
static int ucq_fresh_page(struct proc *p, struct ucq *u_ucq, uint64_t *u_page)
{
	uint64_t spare;

	if (user_swap64(&u_ucq->spare_pg, 0, &spare))
		return POST_REFUSED(EVR_FAULT);
	if (!spare) {
		if (!aspace_map_page_now(p->as, u_page))
			return 0;
		proc_kill_later(p, SIGKILL);
		return POST_REFUSED(EVR_NO_MEMORY);
	}
	if (spare & ~UCQ_PAGE_MASK)
		return POST_REFUSED(EVR_BAD_QUEUE);
	*u_page = spare;
	return 0;
}

/*
 * The page that @full is in has no slot left: give the queue another, whose
 * slot 0 is ours, and answer its index in *@idx.
 *
 * The new page begins without a link and with nobody counted in nr_cons; its
 * index and the link that leads to it have the next generation.
 *
 * [ucq-link]  prod_idx before the link.  Were it the other way round, and one
 * consumer followed the link at once, a second would find a queue that looks
 * far from empty, and claim slots that nobody will fill.  The library's do not
 * leave a page before prod_idx has: see user/lib/ucq.c:empty_at().
 *
 * Context: the UCQ's lock.
 */
static int ucq_next_page(struct proc *p, struct ucq *u_ucq, uint64_t full,
			 uint64_t *idx)
{
	uint64_t page;
	int err = ucq_fresh_page(p, u_ucq, &page);

	if (err)
		return err;
	page |= (full + UCQ_GEN_ONE) & UCQ_GEN_MASK;
	if (user_store64(&ucq_page_of(page)->next, 0) ||
	    user_store32(&ucq_page_of(page)->nr_cons, 0) ||
	    user_store_release64(&u_ucq->prod_idx, page + 1))
		return POST_REFUSED(EVR_FAULT);
	race_point(UCQ_MOVED);
	/* prod_idx before the link.  Pairs with load_acquire() in
	 * user/lib/ucq.c:ucq_turn_page() [ucq-link]. */
	if (user_store_release64(&ucq_page_of(full)->next, page))
		return POST_REFUSED(EVR_FAULT);
	*idx = page;
	return 0;
}

/*
 * Take a slot where there seemed to be none: its index in *@idx.  There may be
 * one by now, so a page is brought only if it turns out that there is not.
 * Either way there is room afterwards, and prod_overflow goes down.
 */
static int ucq_post_locked(struct proc *p, struct ucq *u_ucq, uint64_t *idx)
{
	uint64_t full;
	int err;

	/* Someone may have mended it while we waited.  Taking a slot is the
	 * only way to find out: the page's address proves nothing, it may have
	 * been consumed, given back and linked again meanwhile. */
	if (user_fetch_add64(&u_ucq->prod_idx, 1, &full))
		return POST_REFUSED(EVR_FAULT);
	*idx = full;
	if ((full & UCQ_SLOT_MASK) >= UCQ_SLOTS) {
		err = ucq_next_page(p, u_ucq, full, idx);
		if (err)
			return err;
	}
	/* In both cases there is room now.  Mended by someone else, the flag
	 * may still be the one that we raised too late. */
	return user_store_release32(&u_ucq->prod_overflow, 0) ?
		POST_REFUSED(EVR_FAULT) : 0;
}

/* The same, one producer at a time.  Not inline: the few posts that come here
 * would slow down all others. */
static __attribute__((noinline)) int ucq_post_full(struct proc *p,
						   struct ucq *u_ucq,
						   uint64_t *idx)
{
	struct spinlock *lock = ucq_lock_of(u_ucq);
	int err;

	spin_lock(lock);
	err = ucq_post_locked(p, u_ucq, idx);
	spin_unlock(lock);
	return err;
}

/*
 * Our slot is the one that prod_idx names before we count it up.  Whoever
 * counts to where no slot is raises prod_overflow, so that others stop
 * counting: the slot's bits must never run over into the page's.  Whoever finds
 * it raised does not count at all.  Both get a slot from ucq_post_full().
 */
int ucq_post(struct proc *p, struct ucq *u_ucq, const struct event_msg *msg)
{
	uint32_t overflow;
	uint64_t idx;
	int err;

	if (user_load32(&u_ucq->prod_overflow, &overflow))
		return POST_REFUSED(EVR_FAULT);
	if (!overflow) {
		if (user_fetch_add64(&u_ucq->prod_idx, 1, &idx))
			return POST_REFUSED(EVR_FAULT);
		if ((idx & UCQ_SLOT_MASK) < UCQ_SLOTS)
			return ucq_fill(idx, msg);
		/* Keep the others from counting on: the slot's bits must not
		 * run over into the page's. */
		if (user_store32(&u_ucq->prod_overflow, 1))
			return POST_REFUSED(EVR_FAULT);
	}
	err = ucq_post_full(p, u_ucq, &idx);
	return err ? err : ucq_fill(idx, msg);
}
