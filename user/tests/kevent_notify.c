/* kevent_notify - sys_notify() sends its message, as the type that it says, to
 * a child or the parent, and to nobody else. */
#include "family.h"

static struct proc_info all[64];

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	family_answer(msg->ev_arg4);
}

static void listener(void)
{
	register_ev_handler(EV_TEST, on_test, NULL);
	enable_kevent(EV_TEST, 0, EVENT_IPI | EVENT_WAKEUP);
	family_answer(1);
	family_park();
}

/* Another child of the test, which tries to reach the first. */
static void stranger(void)
{
	uint32_t tried = 0;
	int n = sys_proc_info(all, 64);

	for (int i = 0; i < n; i++) {
		if (all[i].ppid != (uint32_t)getppid() ||
		    all[i].pid == (uint32_t)getpid())
			continue;
		tried++;
		if (!sys_notify((int)all[i].pid, EV_TEST, NULL) ||
		    errno != EPERM)
			exit(3);
	}
	exit(tried == 1 ? 0 : 4);
}

TEST(kevent_notify)
{
	struct event_msg msg = { .ev_type = EV_TEST2, .ev_arg4 = 2 };
	struct proc_info before = { 0 }, after = { 0 };
	int pid;

	family_listen();
	pid = test_start(listener);
	REQUIRE(family_told(1), "child-tells-parent");
	REQUIRE(family_look(pid, &before), "child");
	CHECK_EQ(test_run(stranger), 0, "a-sibling-may-not");
	REQUIRE(family_look(pid, &after), "child-lives");
	CHECK_EQ(after.posted, before.posted, "and-nothing-is-posted");
	/* What the message says of its type does not count. */
	CHECK_EQ(sys_notify(pid, EV_TEST, &msg), 0, "parent-may");
	CHECK(family_told(2), "parent-tells-child");
	sys_kill(pid, SIGKILL);
	test_wait(pid);
}
