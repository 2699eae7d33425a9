/* ucq_one_page - a page of a UCQ takes as many messages as it has slots, and
 * gives them back whole and in order. */
#include "test.h"

static struct event_msg number(uint32_t i)
{
	return (struct event_msg){
		.ev_type = (uint16_t)(i + 1),
		.ev_arg1 = (uint16_t)(i * 3),
		.ev_arg2 = i * 5,
		.ev_arg3 = (void *)(uintptr_t)(i * 7UL),
		.ev_arg4 = i * 0x100000001UL,
	};
}

static bool is_number(const struct event_msg *msg, uint32_t i)
{
	struct event_msg due = number(i);

	return !memcmp(msg, &due, sizeof(due));
}

TEST(ucq_one_page)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	struct ucq *ucq = &ev_q->ev_mbox->ucq;
	uint64_t page = ucq->prod_idx & UCQ_PAGE_MASK;
	uint64_t posted = procinfo->posted;
	uint32_t sent = 0, taken = 0;
	struct event_msg msg;

	CHECK(!mbox_get(ev_q->ev_mbox, &msg), "empty-at-first");
	/* One at a time, then in growing heaps, up to the last slot. */
	for (uint32_t heap = 1; sent < UCQ_SLOTS; heap++) {
		for (uint32_t i = 0; i < heap && sent < UCQ_SLOTS; i++) {
			msg = number(sent++);
			sys_send_event(ev_q, &msg, 0);
		}
		while (mbox_get(ev_q->ev_mbox, &msg))
			taken += is_number(&msg, taken);
	}
	CHECK_EQ(taken, UCQ_SLOTS, "whole-and-in-order");
	CHECK_EQ(procinfo->posted - posted, UCQ_SLOTS, "posted");
	CHECK(mbox_is_empty(ev_q->ev_mbox), "empty-again");
	CHECK_EQ(ucq->prod_idx & UCQ_PAGE_MASK, page, "same-page");
	CHECK_EQ(((struct ucq_page *)page)->nr_cons, UCQ_SLOTS,
		 "readers-counted");
	CHECK_EQ(test_refused(), 0, "nothing-refused");
}
