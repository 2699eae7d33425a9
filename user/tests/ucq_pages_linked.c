/* ucq_pages_linked - producers that nobody reads after leave a chain of full
 * pages: each message in its slot, ready, each page linked to the next with a
 * generation counted up, and room for the next message in the last.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

#define PAGES	4
#define MORE	5			/* messages in the last page */
#define VCORES	3

static struct event_queue *ev_q;

static struct ucq_page *page_of(uint64_t idx)
{
	return (struct ucq_page *)(idx & UCQ_PAGE_MASK);
}

/* Messages 0 .. @n - 1, from several vcores if there are. */
static void *send(void *upto)
{
	static uint32_t next;
	uint32_t n = (uint32_t)(uintptr_t)upto, i;

	while ((i = atomic_fetch_add32(&next, 1)) < n)
		test_send(ev_q, EV_TEST, i);
	return NULL;
}

static void send_from_all(uint32_t n)
{
	uint32_t senders = test_vcores_upto(VCORES);
	struct uthread *uth[VCORES];

	for (uint32_t i = 1; i < senders; i++)
		uth[i] = uthread_create(send, (void *)(uintptr_t)n);
	send((void *)(uintptr_t)n);
	for (uint32_t i = 1; i < senders; i++)
		uthread_join(uth[i], NULL);
}

TEST(ucq_pages_linked)
{
	static uint32_t seen[PAGES * UCQ_SLOTS + MORE];
	const uint32_t all = PAGES * UCQ_SLOTS + MORE;
	uint32_t once = 0, ready = 0, linked = 0;
	struct ucq *ucq;
	uint64_t idx;

	ev_q = get_eventq(EV_MBOX_UCQ);
	ucq = &ev_q->ev_mbox->ucq;
	idx = ucq->cons_idx;
	send_from_all(all);
	for (uint32_t n = 0; n < all; n++) {
		struct ucq_page *page = page_of(idx);
		struct ucq_slot *slot = &page->slot[n % UCQ_SLOTS];

		ready += slot->ready;
		if (slot->msg.ev_arg2 < all)
			seen[slot->msg.ev_arg2]++;
		if (n % UCQ_SLOTS != UCQ_SLOTS - 1)
			continue;
		linked += (page->next & UCQ_GEN_MASK) ==
			  (idx & UCQ_GEN_MASK) + UCQ_GEN_ONE;
		REQUIRE(page->next, "a-next-page");
		idx = page->next;
	}
	for (uint32_t n = 0; n < all; n++)
		once += seen[n] == 1;
	CHECK_EQ(ready, all, "every-slot-ready");
	CHECK_EQ(once, all, "each-message-once");
	CHECK_EQ(linked, PAGES, "generations-count-up");
	CHECK_EQ(page_of(idx)->next, 0, "last-page-links-nowhere");
	CHECK_EQ(ucq->prod_idx, idx + MORE, "next-slot");
	CHECK_EQ(ucq->prod_overflow, 0, "room-again");
	CHECK_EQ(ucq->cons_idx & UCQ_SLOT_MASK, 0, "nobody-read");
	CHECK_EQ(test_refused(), 0, "nothing-refused");
}
