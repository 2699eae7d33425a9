/* spam_bulk - an event spammed with EVENT_VCORE_MUST_RUN to a process that has
 * lost all of its vcores at once waits for the one that comes back first.
 *
 * On one core the process is certain to be off while the sender is on.
 *
 * Scenario: cpus=1
 */
#include "family.h"

#define ROUNDS	20

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	family_answer(msg->ev_arg4);
}

/* One vcore, which is all of them, lost as often as it runs. */
static void child(void)
{
	register_ev_handler(EV_TEST, on_test, NULL);
	register_kevent_q(get_eventq_vcpd(max_vcores() - 1, EVENT_SPAM_PUBLIC |
					  EVENT_VCORE_MUST_RUN | EVENT_IPI),
			  EV_TEST);
	if (vcore_request_total(1))
		exit(3);
	family_answer(1);
	for (;;)
		sys_preempt(getpid(), -1U, 0);
}

TEST(spam_bulk)
{
	uint64_t told = 1;
	int pid;

	family_listen();
	pid = test_start(child);
	REQUIRE(family_told(1), "child-runs");
	do {
		family_send(pid, told + 1);
	} while (family_told(told + 1) && ++told < ROUNDS);
	CHECK_EQ(told, ROUNDS, "handled-each");
	sys_kill(pid, SIGKILL);
	test_wait(pid);
}
