/* race_fallback - the last vcore leaves while a message looks for a reader:
 * the fallback finds it asleep, and it wakes.
 *
 * Scenario: race=1
 */
#include "family.h"
#include "race.h"

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	family_answer(2);
}

/* No uthread left: the only vcore yields, and the process sleeps. */
static void child(void)
{
	register_ev_handler(EV_TEST, on_test, NULL);
	register_kevent_q(get_eventq_vcpd(max_vcores() - 1, EVENT_SPAM_PUBLIC |
					  EVENT_WAKEUP), EV_TEST);
	if (vcore_request_total(1) ||
	    race_script("v0@YIELD_ENTER waits *@SPAM_HEAD_CHOSEN;"
			"*@SPAM_HEAD_CHOSEN waits v0@YIELD_LEFT;"
			"*@SPAM_FALLBACK waits v0@YIELD_LEFT"))
		exit(3);
	family_answer(1);
	family_park();
}

TEST(race_fallback)
{
	int pid;

	family_listen();
	pid = test_start(child);
	REQUIRE(family_told(1), "child-has-armed");
	family_send(pid, 1);
	CHECK(family_told(2), "handled");
	CHECK_EQ(race_end() & 6, 6, "rules-kept");
	sys_kill(pid, SIGKILL);
	test_wait(pid);
}
