/*
 * ucq.c - unbounded concurrent queue: take messages out.
 *
 * kernel/event/ucq.c puts them in.  Messages lie in a chain of pages.  prod_idx
 * names the slot that the next producer takes, cons_idx the one that the next
 * consumer takes: generation, page and slot in one word, moved by one atomic.
 *
 * What stays true: cons_idx never passes prod_idx.  Slots between the two are
 * claimed by producers, who will set `ready`.  A page is the consumers' until
 * all of its slots are read; then it has no message, no link and no count, and
 * is given back.
 *
 * prod_idx may stand past the page's last slot: producers that find the page
 * full have counted too, and one of them is about to bring a new page.
 */
#include "ucq.h"

#include "atomic.h"
#include "preempt.h"
#include "race.h"
#include "syscall.h"
#include "uspin.h"

static struct ucq_page *page_of(uint64_t idx)
{
	return (struct ucq_page *)(idx & UCQ_PAGE_MASK);
}

static uint64_t slot_of(uint64_t idx)
{
	return idx & UCQ_SLOT_MASK;
}

/*
 * Is nothing claimed by a producer at @cons, which cons_idx was?
 *
 * In another page, or in another life of this one, the producers have moved on:
 * then this page is full, and the new one has a message in slot 0, which the
 * producer who brought it keeps for itself.
 */
static bool empty_at(struct ucq *ucq, uint64_t cons)
{
	uint64_t prod = read_once(ucq->prod_idx);
	uint64_t claimed = slot_of(prod);

	if ((cons ^ prod) & ~UCQ_SLOT_MASK)
		return false;
	if (claimed > UCQ_SLOTS)
		claimed = UCQ_SLOTS;
	return slot_of(cons) >= claimed;
}

int ucq_init(struct ucq *ucq)
{
	int64_t va = syscall_call(SYS_mmap, 0, PAGE_SIZE,
				  PROT_READ | PROT_WRITE, 0, 0);

	if (va < 0)
		return (int)va;
	/* Bring the page in now: posting is no time to fault. */
	write_once(page_of((uint64_t)va)->next, 0);
	*ucq = (struct ucq){
		.prod_idx = (uint64_t)va,
		.cons_idx = (uint64_t)va,
	};
	return 0;
}

/* A failed unmapping leaks a page and harms nothing else. */
static void page_unmap(uint64_t page)
{
	(void)syscall_call(SYS_munmap, page, PAGE_SIZE, 0, 0, 0);
}

void ucq_free(struct ucq *ucq)
{
	uint64_t page = ucq->cons_idx & UCQ_PAGE_MASK;

	while (page) {
		uint64_t next = page_of(page)->next & UCQ_PAGE_MASK;

		page_unmap(page);
		page = next;
	}
	if (ucq->spare_pg)
		page_unmap(ucq->spare_pg);
	*ucq = (struct ucq){ 0 };
}

bool ucq_is_empty(struct ucq *ucq)
{
	/* cons_idx first: whatever happens between the two reads makes us see
	 * more messages, not fewer, so "empty" was true at the second. */
	uint64_t cons = read_once(ucq->cons_idx);

	return empty_at(ucq, cons);
}

/*
 * Move the consumers on from the end of @cons's page, and hand that page back
 * as the spare; if there was a spare already, that one is unmapped.
 *
 * The page must not be given away while someone still reads in it: nr_cons
 * counts those who are done.  It is given away clean: no link, no count.
 *
 * The caller saw that there is a next page, or that one is about to be linked.
 * It may have waited here for another consumer, who did all this; so whatever
 * it knew about messages is old.
 */
static void ucq_turn_page(struct ucq *ucq, uint64_t cons)
{
	struct ucq_page *page = page_of(cons);
	uint64_t next, displaced = 0;

	uspin_lock_word(&ucq->cons_lock);
	if (read_once(ucq->cons_idx) != cons)
		goto unlock;
	/* Link before anything that it leads to: prod_idx is in the new page
	 * already, so that a consumer who follows is not ahead of producers.
	 * Pairs with user_store_release64() in
	 * kernel/event/ucq.c:ucq_next_page() [ucq-link]. */
	while (!(next = load_acquire(&page->next)))
		vcore_relax();
	/* All are done before the page is reused.  Pairs with
	 * atomic_fetch_add32() in user/lib/ucq.c:ucq_get() [ucq-page]. */
	while (load_acquire(&page->nr_cons) != UCQ_SLOTS)
		vcore_relax();
	write_once(page->next, 0);
	write_once(page->nr_cons, 0);
	write_once(ucq->cons_idx, next);
	/* A locked operation: whoever takes the page finds it clean, and the
	 * consumers gone. */
	displaced = atomic_swap64(&ucq->spare_pg, (uint64_t)page);
unlock:
	uspin_unlock_word(&ucq->cons_lock);
	if (displaced)
		page_unmap(displaced);
}

/*
 * Claim the slot at cons_idx for the caller: its index, or 0 if there is none.
 *
 * [ucq-claim]  No claim of a slot that nobody produced.
 *
 *   this consumer                 others
 *   cons_idx -> page A, slot 3
 *   prod_idx: not empty
 *                                 take all of A; A becomes the spare,
 *                                 is linked again, and consumed up to
 *                                 slot 3, where the queue is empty
 *   compare-and-swap A, slot 3
 *
 * The words would be equal but for the generation, which the kernel counts up
 * with every page it links: A is now "A, later".  The generation has 17 bits;
 * to be fooled, we must stand still for exactly a multiple of 131,072 pages,
 * 16 million messages, and find the same page at the same slot.
 *
 * If the word is the same, nobody has consumed in between, and what producers
 * had claimed is still ahead of us.
 */
static uint64_t ucq_claim(struct ucq *ucq)
{
	for (;;) {
		uint64_t cons = read_once(ucq->cons_idx);

		if (empty_at(ucq, cons))
			return 0;
		race_point(UCQ_SEEN);
		if (slot_of(cons) >= UCQ_SLOTS)
			ucq_turn_page(ucq, cons);
		else if (atomic_cas64(&ucq->cons_idx, cons, cons + 1))
			return cons;
	}
}

/*
 * A slot is claimed before it is filled: wait for its flag.  Take the message,
 * leave the slot empty, and be counted in the page's nr_cons as one more who is
 * done with it: the last thing that we do there.
 */
bool ucq_get(struct ucq *ucq, struct event_msg *msg)
{
	uint64_t idx = ucq_claim(ucq);
	struct ucq_slot *slot;

	if (!idx)
		return false;
	slot = &page_of(idx)->slot[slot_of(idx)];
	/* Flag before message.  Pairs with user_store_release32() in
	 * kernel/event/ucq.c:ucq_fill() [ucq-ready]. */
	while (!load_acquire(&slot->ready))
		vcore_relax();
	*msg = slot->msg;
	write_once(slot->ready, 0);
	/* The message out and the flag down before we are counted, for then
	 * the page may be someone else's.  Pairs with load_acquire() in
	 * user/lib/ucq.c:ucq_turn_page() [ucq-page]. */
	atomic_fetch_add32(&page_of(idx)->nr_cons, 1);
	return true;
}
