/* ucq_spare_page - a page read to its end becomes the spare, the kernel takes
 * the spare for the next page, and other pages are unmapped. */
#include "test.h"

/* Send @n messages and take them again. */
static uint32_t turn_over(struct event_queue *ev_q, uint32_t n)
{
	struct event_msg msg;
	uint32_t taken = 0;

	for (uint32_t i = 0; i < n; i++)
		test_send(ev_q, EV_TEST, i);
	while (mbox_get(ev_q->ev_mbox, &msg))
		taken += msg.ev_arg2 == taken;
	return taken;
}

TEST(ucq_spare_page)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	struct ucq *ucq = &ev_q->ev_mbox->ucq;
	uint64_t first = ucq->prod_idx & UCQ_PAGE_MASK;
	uint64_t second, gen = ucq->prod_idx & UCQ_GEN_MASK;

	CHECK_EQ(ucq->spare_pg, 0, "none-at-first");
	CHECK_EQ(turn_over(ev_q, UCQ_SLOTS + 1), UCQ_SLOTS + 1, "one-page");
	second = ucq->prod_idx & UCQ_PAGE_MASK;
	CHECK(second != first, "second-page");
	CHECK_EQ(ucq->spare_pg, first, "first-is-the-spare");
	CHECK_EQ(ucq->prod_idx & UCQ_GEN_MASK, gen + UCQ_GEN_ONE,
		 "generation-counted");

	CHECK_EQ(turn_over(ev_q, UCQ_SLOTS), UCQ_SLOTS, "another-page");
	CHECK_EQ(ucq->prod_idx & UCQ_PAGE_MASK, first, "spare-taken");
	CHECK_EQ(ucq->spare_pg, second, "second-is-the-spare");
	CHECK_EQ(ucq->prod_idx & UCQ_GEN_MASK, gen + 2 * UCQ_GEN_ONE,
		 "generation-counted-again");
}
