/* flag_vcore_private - an ev_q without a mailbox uses the vcore's public one,
 * with EVENT_VCORE_PRIVATE its private one, and with a mailbox neither. */
#include "test.h"

static bool in_public(void)
{
	struct event_msg msg;

	return mbox_get(&vcpd_of(0)->mbox_public, &msg) &&
	       msg.ev_type == EV_TEST;
}

static bool in_private(void)
{
	struct event_msg msg;

	return mbox_get(&vcpd_of(0)->mbox_private, &msg) &&
	       msg.ev_type == EV_TEST;
}

TEST(flag_vcore_private)
{
	struct event_queue *slim = get_eventq_slim();
	struct event_queue *full = get_eventq(EV_MBOX_UCQ);
	struct event_msg msg;

	disable_notifs();
	test_send(slim, EV_TEST, 1);
	CHECK(in_public() && !in_private(), "public");
	CHECK(read_once(vcpd_of(0)->notif_pending), "public-pending");

	write_once(vcpd_of(0)->notif_pending, 0);
	slim->ev_flags = EVENT_VCORE_PRIVATE;
	test_send(slim, EV_TEST, 2);
	CHECK(in_private() && !in_public(), "private");
	CHECK(read_once(vcpd_of(0)->notif_pending), "private-pending");

	full->ev_flags = EVENT_VCORE_PRIVATE;
	test_send(full, EV_TEST, 3);
	CHECK(!in_private() && !in_public(), "own-mailbox-goes-first");
	CHECK(mbox_get(full->ev_mbox, &msg), "own");
	enable_notifs();
}
