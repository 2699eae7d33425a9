/* flag_spam_indir - EVENT_SPAM_INDIR has the indirection for an offline vcore
 * handled by another; without it that waits in the offline vcore's mailbox. */
#include "test.h"

#define OFFLINE	1U		/* has a mailbox, is not on a core */

static uint32_t handled;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	write_once(handled, msg->ev_arg2);
}

TEST(flag_spam_indir)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	struct event_mbox *mbox = &vcpd_of(OFFLINE)->mbox_public;
	struct event_msg msg;

	register_ev_handler(EV_TEST, on_test, NULL);
	REQUIRE(!mbox_init(mbox, EV_MBOX_UCQ), "a-mailbox-for-vcore-1");
	ev_q->ev_vcore = OFFLINE;
	ev_q->ev_flags = EVENT_INDIR | EVENT_IPI;
	test_send(ev_q, EV_TEST, 1);
	CHECK(mbox_get(mbox, &msg), "without-in-the-offline-mailbox");
	CHECK_EQ(msg.ev_type, EV_EVENT, "an-indirection");
	CHECK_EQ(read_once(handled), 0, "without-not-handled");

	/* That indirection is acknowledged, but nobody drained. */
	write_once(ev_q->ev_alert_pending, 0);
	ev_q->ev_flags |= EVENT_SPAM_INDIR;
	test_send(ev_q, EV_TEST, 2);
	CHECK(WAIT(read_once(handled) == 2), "with-handled");
	CHECK(mbox_is_empty(mbox), "with-not-in-the-offline-mailbox");
}
