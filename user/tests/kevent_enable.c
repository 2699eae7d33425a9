/* kevent_enable - after enable_kevent() the kernel's events of that type come
 * to the vcore's mailbox that was asked for; after disable_kevent() none. */
#include "test.h"

static uint32_t nr_handled;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	atomic_fetch_add32(&nr_handled, msg->ev_arg2);
}

static int notify_self(uint32_t n)
{
	struct event_msg msg = { .ev_type = EV_TEST, .ev_arg2 = n };

	return sys_notify((int)procinfo->pid, EV_TEST, &msg);
}

TEST(kevent_enable)
{
	struct event_mbox *private = &vcpd_of(0)->mbox_private;

	register_ev_handler(EV_TEST, on_test, NULL);
	CHECK_EQ(notify_self(1), 0, "nobody-wants-it-is-no-error");
	CHECK_EQ(procinfo->posted, 0, "and-nothing-is-posted");

	CHECK_EQ(enable_kevent(EV_TEST, 0, EVENT_IPI | EVENT_VCORE_PRIVATE), 0,
		 "enable");
	disable_notifs();
	notify_self(10);
	CHECK(!mbox_is_empty(private), "in-the-mailbox-asked-for");
	enable_notifs();
	CHECK(WAIT(read_once(nr_handled) == 10), "handled");

	CHECK_EQ(disable_kevent(EV_TEST), 0, "disable");
	CHECK(!procdata->kernel_evts[EV_TEST], "not-registered");
	notify_self(100);
	CHECK(mbox_is_empty(private), "nothing-after");
	CHECK_EQ(nr_handled, 10, "not-handled-after");

	CHECK_EQ(enable_kevent(MAX_NR_EVENT, 0, 0), -EINVAL, "no-such-type");
	CHECK_EQ(enable_kevent(EV_TEST, procinfo->max_vcores, 0), -EINVAL,
		 "no-such-vcore");
	CHECK_EQ(disable_kevent(MAX_NR_EVENT), -EINVAL, "disable-no-such-type");
}
