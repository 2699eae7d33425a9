/* flag_indir_waits - an indirection without EVENT_IPI waits in the public
 * mailbox for the next entry into vcore context, acknowledged only there. */
#include "test.h"

static uint32_t handled;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	write_once(handled, 1);
}

TEST(flag_indir_waits)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_BITMAP);
	struct test_quiet quiet = { 0 };
	bool public = false, private = false;
	uint32_t early = 0, alert = 0;

	register_ev_handler(EV_TEST, on_test, NULL);
	ev_q->ev_flags = EVENT_INDIR;
	while (test_disturbed(&quiet)) {
		write_once(handled, 0);
		test_send(ev_q, EV_TEST, 0);
		early = read_once(handled);
		alert = read_once(ev_q->ev_alert_pending);
		public = !mbox_is_empty(&vcpd_of(0)->mbox_public);
		private = !mbox_is_empty(&vcpd_of(0)->mbox_private);
	}
	CHECK_EQ(early, 0, "not-yet");
	CHECK_EQ(alert, 1, "alert-pending");
	CHECK(public, "in-public-mailbox");
	CHECK(!private, "not-in-private");

	/* Only an interruption, of no type. */
	sys_self_notify(0, EV_NONE, NULL, false);
	CHECK(WAIT(read_once(handled)), "then-handled");
	CHECK_EQ(read_once(ev_q->ev_alert_pending), 0, "acknowledged");
}
