/* notify_self - sys_self_notify() puts its message into the vcore's public
 * mailbox, or the private one if that is asked for, as the type that it says;
 * with EV_NONE none; and marks the vcore as pending each time. */
#include "test.h"

/* Take what lies in @mbox: is it one message, the one with @n? */
static bool takes(struct event_mbox *mbox, uint32_t n)
{
	struct event_msg msg;

	return mbox_get(mbox, &msg) && msg.ev_type == EV_TEST &&
	       msg.ev_arg2 == n && mbox_is_empty(mbox);
}

static bool notify(unsigned int ev_type, uint32_t n, bool private)
{
	struct event_msg msg = { .ev_type = EV_TEST2, .ev_arg2 = n };
	struct vcpd *vcpd = vcpd_of(0);

	write_once(vcpd->notif_pending, 0);
	return !sys_self_notify(0, ev_type, &msg, private) &&
	       read_once(vcpd->notif_pending);
}

TEST(notify_self)
{
	struct event_mbox *private = &vcpd_of(0)->mbox_private;
	struct event_mbox *public = &vcpd_of(0)->mbox_public;

	disable_notifs();
	CHECK(notify(EV_TEST, 1, false), "public-pending");
	CHECK(mbox_is_empty(private) && takes(public, 1), "public");
	CHECK(notify(EV_TEST, 2, true), "private-pending");
	CHECK(mbox_is_empty(public) && takes(private, 2), "private");
	CHECK(notify(EV_NONE, 3, false) && notify(EV_NONE, 4, true),
	      "none-pending");
	CHECK(mbox_is_empty(public) && mbox_is_empty(private), "none");
	enable_notifs();
}
