/* ceq_add - a CEQ can add: events on one id between two reads are their sum,
 * in 64 bits, and an event of zero is an event. */
#include "test.h"

#define EVENTS	100

TEST(ceq_add)
{
	struct event_queue *ev_q = get_eventq_raw();
	struct event_msg msg;

	REQUIRE(!ceq_init(&ev_q->ev_mbox->ceq, CEQ_ADD, 10, 4), "init");
	ev_q->ev_mbox->type = EV_MBOX_CEQ;
	for (uint32_t i = 1; i <= EVENTS; i++)
		test_send(ev_q, 3, i);
	CHECK(mbox_get(ev_q->ev_mbox, &msg), "one");
	CHECK_EQ(msg.ev_arg2, EVENTS * (EVENTS + 1) / 2, "sum");
	CHECK(!mbox_get(ev_q->ev_mbox, &msg), "only-one");

	for (uint32_t i = 0; i < EVENTS; i++)
		test_send(ev_q, 3, 0xffffffff);
	CHECK(mbox_get(ev_q->ev_mbox, &msg), "large");
	CHECK_EQ(msg.ev_arg4, EVENTS * 0xffffffffUL, "sum-in-64-bits");

	test_send(ev_q, 3, 0);
	CHECK(mbox_get(ev_q->ev_mbox, &msg), "zero-is-an-event");
	CHECK_EQ(msg.ev_arg4, 0, "and-is-zero");
	CHECK(mbox_is_empty(ev_q->ev_mbox), "empty");
	ceq_free(&ev_q->ev_mbox->ceq);
	put_eventq_raw(ev_q);
}
