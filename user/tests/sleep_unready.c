/* sleep_unready - a notification for a vcore that was never made ready, and so
 * never clears it, does not keep a many-core process from sleeping, nor another
 * time from waking.
 *
 * Scenario: cpus=1,4
 */
#include "family.h"

#define LOOKS	10

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	sys_self_notify(max_vcores() - 1, EV_NONE, NULL, false);
	family_answer(msg->ev_arg4);
}

static void child(void)
{
	register_ev_handler(EV_TEST, on_test, NULL);
	enable_kevent(EV_TEST, 0, EVENT_IPI | EVENT_WAKEUP);
	if (vcore_request_total(1))
		exit(3);
	family_answer(1);
	family_park();
}

/* It waits, whenever we look: one that only tries to may be seen to, too. */
static bool sleeps(int pid)
{
	for (int i = 0; i < LOOKS; i++)
		if (usleep(1000) || family_state(pid) != PROC_WAITING)
			return false;
	return true;
}

TEST(sleep_unready)
{
	int pid;

	family_listen();
	pid = test_start(child);
	REQUIRE(family_told(1), "child-runs");
	for (uint64_t i = 2; i < 5; i++) {
		CHECK(WAIT(sleeps(pid)), "sleeps");
		family_send(pid, i);
		CHECK(family_told(i), "wakes");
	}
	CHECK(WAIT(sleeps(pid)), "sleeps-at-last");
	sys_kill(pid, SIGKILL);
	test_wait(pid);
}
