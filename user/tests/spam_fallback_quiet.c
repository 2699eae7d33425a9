/* spam_fallback_quiet - an event spammed without EVENT_WAKEUP to a process that
 * sleeps does not wake it, and is handled when something else does.
 *
 * Scenario: cpus=1,4
 */
#include "family.h"

#define QUIET	200

static uint64_t handled;		/* atomic */

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	atomic_fetch_add64(&handled, 1);
}

/* This one is sent with EVENT_WAKEUP. */
static void on_alarm(struct event_msg *msg, unsigned int ev_type, void *data)
{
	family_answer(1 + read_once(handled));
}

static void child(void)
{
	uint32_t n = family_cores();

	register_ev_handler(EV_TEST, on_test, NULL);
	register_ev_handler(EV_USER_IPI, on_alarm, NULL);
	/* Wanted: one that is never the next to start. */
	register_kevent_q(get_eventq_vcpd(max_vcores() - 1, EVENT_SPAM_PUBLIC |
					  EVENT_IPI), EV_TEST);
	register_kevent_q(get_eventq_vcpd(max_vcores() - 2, EVENT_SPAM_PUBLIC |
					  EVENT_IPI | EVENT_WAKEUP),
			  EV_USER_IPI);
	if (vcore_request_total(n > 3 ? 3 : n))
		exit(3);
	family_park();
}

TEST(spam_fallback_quiet)
{
	uint32_t asleep = 0;
	int pid;

	family_listen();
	pid = test_start(child);
	CHECK(family_reaches(pid, PROC_WAITING), "sleeps");
	for (int i = 0; i < QUIET; i++) {
		family_send(pid, 1);
		asleep += family_state(pid) == PROC_WAITING;
	}
	CHECK_EQ(asleep, QUIET, "sleeps-on");
	CHECK_EQ(family_heard, 0, "not-handled");
	sys_notify(pid, EV_USER_IPI, NULL);
	CHECK(family_told(1), "wakes");
	CHECK_EQ(family_heard, 1 + QUIET, "handled-before");
	sys_kill(pid, SIGKILL);
	test_wait(pid);
}
