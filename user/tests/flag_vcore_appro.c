/* flag_vcore_appro - EVENT_VCORE_APPRO uses the vcore that the sender
 * suggests; without it that is ignored, also if it makes no sense. */
#include "test.h"

#define OTHER	3U

/* Which of the two mailboxes got something. */
static int32_t where(void)
{
	struct event_msg msg;
	bool here = mbox_get(&vcpd_of(0)->mbox_public, &msg);
	bool there = mbox_get(&vcpd_of(OTHER)->mbox_public, &msg);

	return here == there ? -1 : there ? (int32_t)OTHER : 0;
}

TEST(flag_vcore_appro)
{
	struct event_queue *ev_q = get_eventq_slim();
	struct event_msg msg = { .ev_type = EV_TEST };

	mbox_init(&vcpd_of(OTHER)->mbox_public, EV_MBOX_UCQ);
	disable_notifs();
	sys_send_event(ev_q, &msg, OTHER);
	CHECK_EQ(where(), 0, "ignored-without");
	sys_send_event(ev_q, &msg, 0xffffffff);
	CHECK_EQ(where(), 0, "nonsense-ignored-without");

	ev_q->ev_flags = EVENT_VCORE_APPRO;
	sys_send_event(ev_q, &msg, OTHER);
	CHECK_EQ(where(), OTHER, "followed-with");
	CHECK_EQ(test_refused(), 0, "nothing-refused");
	sys_send_event(ev_q, &msg, 0xffffffff);
	CHECK_EQ(where(), -1, "nonsense-refused-with");
	CHECK_EQ(procinfo->refused[EVR_BAD_VCOREID], 1, "and-counted");
	enable_notifs();
}
