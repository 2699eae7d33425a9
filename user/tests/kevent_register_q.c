/* kevent_register_q - register_kevent_q() has the kernel's events of one type
 * sent to that ev_q, until another is registered. */
#include "test.h"

static uint32_t sent_to(struct event_queue *ev_q)
{
	struct event_msg msg;
	uint32_t n = 0;

	while (mbox_get(ev_q->ev_mbox, &msg))
		n += msg.ev_type == EV_TEST;
	return n;
}

static void notify_self(void)
{
	sys_notify((int)procinfo->pid, EV_TEST, NULL);
	sys_notify((int)procinfo->pid, EV_TEST2, NULL);
}

TEST(kevent_register_q)
{
	struct event_queue *first = get_eventq(EV_MBOX_UCQ);
	struct event_queue *second = get_eventq(EV_MBOX_UCQ);

	CHECK_EQ(register_kevent_q(first, EV_TEST), 0, "register");
	notify_self();
	CHECK_EQ(sent_to(first), 1, "only-its-type");

	CHECK_EQ(register_kevent_q(second, EV_TEST), 0, "another");
	notify_self();
	CHECK_EQ(sent_to(first), 0, "not-the-first");
	CHECK_EQ(sent_to(second), 1, "but-the-second");

	CHECK_EQ(register_kevent_q(NULL, EV_TEST), 0, "none");
	notify_self();
	CHECK_EQ(sent_to(second), 0, "then-nobody");
	CHECK_EQ(register_kevent_q(first, MAX_NR_EVENT), -EINVAL,
		 "no-such-type");
}
