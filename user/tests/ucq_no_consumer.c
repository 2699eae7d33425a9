/* ucq_no_consumer - ten pages of messages with nobody reading all stay, whole
 * and in order. */
#include "test.h"

#define MESSAGES	(10 * UCQ_SLOTS + 3)

TEST(ucq_no_consumer)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	uint32_t n, whole = 0;
	uint64_t posted = procinfo->posted;
	struct event_msg msg;

	for (uint32_t i = 0; i < MESSAGES; i++) {
		msg = (struct event_msg){
			.ev_type = (uint16_t)(i % 65536),
			.ev_arg1 = (uint16_t)(i * 3),
			.ev_arg2 = i,
			.ev_arg3 = (void *)(uintptr_t)(i * 5UL),
			.ev_arg4 = i * 0x100000001UL,
		};
		sys_send_event(ev_q, &msg, 0);
	}
	CHECK_EQ(procinfo->posted - posted, MESSAGES, "all-posted");
	for (n = 0; mbox_get(ev_q->ev_mbox, &msg); n++) {
		whole += msg.ev_type == n % 65536 &&
			 msg.ev_arg1 == (uint16_t)(n * 3) &&
			 msg.ev_arg2 == n &&
			 msg.ev_arg3 == (void *)(uintptr_t)(n * 5UL) &&
			 msg.ev_arg4 == n * 0x100000001UL;
	}
	CHECK_EQ(n, MESSAGES, "all-there");
	CHECK_EQ(whole, MESSAGES, "whole-and-in-order");
	CHECK(mbox_is_empty(ev_q->ev_mbox), "empty-again");
	CHECK_EQ(test_refused(), 0, "nothing-refused");
}
