/* ceq_type_past_end - a type past a CEQ's entries is refused and counted. */
#include "test.h"

TEST(ceq_type_past_end)
{
	struct event_queue *ev_q = get_eventq_raw();
	struct event_msg msg;

	REQUIRE(!ceq_init(&ev_q->ev_mbox->ceq, CEQ_OR, 12, 4), "init");
	ev_q->ev_mbox->type = EV_MBOX_CEQ;
	test_send(ev_q, 12, 1);
	test_send(ev_q, 65535, 1);
	CHECK_EQ(procinfo->refused[EVR_BAD_TYPE], 2, "refused");
	CHECK_EQ(ev_q->ev_mbox->ceq.max_event_ever, 0, "highest-id-not-raised");
	CHECK(mbox_is_empty(ev_q->ev_mbox), "nothing-came");
	test_send(ev_q, 11, 1);
	CHECK(mbox_get(ev_q->ev_mbox, &msg), "last-id-is-fine");
	CHECK_EQ(msg.ev_type, 11, "last-id");
	CHECK_EQ(ev_q->ev_mbox->ceq.max_event_ever, 11, "highest-id");
}
