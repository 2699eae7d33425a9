/* flag_spam_public - EVENT_SPAM_PUBLIC puts the message itself into a public
 * VCPD mailbox, and leaves the ev_q's own mailbox alone. */
#include "test.h"

static uint32_t handled;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	write_once(handled, msg->ev_arg2);
}

TEST(flag_spam_public)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	struct event_msg msg;

	register_ev_handler(EV_TEST, on_test, NULL);
	disable_notifs();
	/* A single-core process has vcore 0 only, whatever is asked for. */
	ev_q->ev_vcore = procinfo->max_vcores - 1;
	ev_q->ev_flags = EVENT_SPAM_PUBLIC | EVENT_IPI;
	test_send(ev_q, EV_TEST, 5);
	CHECK(mbox_is_empty(ev_q->ev_mbox), "own-mailbox-empty");
	CHECK(mbox_is_empty(&vcpd_of(0)->mbox_private), "private-empty");
	CHECK(!mbox_is_empty(&vcpd_of(0)->mbox_public), "in-the-public-one");
	enable_notifs();
	CHECK(WAIT(read_once(handled) == 5), "handled");

	/* The mailbox is not even looked at. */
	ev_q->ev_mbox = (struct event_mbox *)8;
	test_send(ev_q, EV_TEST, 6);
	CHECK(WAIT(read_once(handled) == 6), "bad-mailbox-no-matter");
	CHECK_EQ(test_refused(), 0, "nothing-refused");
	CHECK(!mbox_get(&vcpd_of(0)->mbox_public, &msg), "once");
}
