/* flag_none - without flags a message only lies in its mailbox: nobody is
 * interrupted, woken or sent an indirection. */
#include "test.h"

static uint32_t nr_handled;

static void on_any(struct event_msg *msg, unsigned int ev_type, void *data)
{
	nr_handled++;
}

TEST(flag_none)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	uint64_t notifies = procinfo->notifies;
	uint64_t entries = vcpd_of(0)->nr_entries;
	struct event_msg msg;

	register_ev_handler(EV_TEST, on_any, NULL);
	register_ev_handler(EV_EVENT, on_any, NULL);
	for (int i = 0; i < 10; i++)
		test_send(ev_q, EV_TEST, 7);
	CHECK_EQ(nr_handled, 0, "nobody-told");
	CHECK_EQ(ev_q->ev_alert_pending, 0, "no-indirection");
	CHECK_EQ(procinfo->notifies - notifies, 0, "no-notify");
	CHECK_EQ(vcpd_of(0)->nr_entries - entries, 0, "no-interruption");
	CHECK(mbox_get(ev_q->ev_mbox, &msg), "message-there");
	CHECK_EQ(msg.ev_arg2, 7, "message-whole");
}
