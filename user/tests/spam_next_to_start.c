/* spam_next_to_start - an event spammed to a process that is runnable but has
 * no vcore on a core waits for the one that will be the first to start.
 *
 * On one core the process is certain to be off while the sender is on.
 *
 * Scenario: cpus=1
 */
#include "family.h"

#define ROUNDS	40

static uint64_t handled;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	handled++;
	family_answer(handled);
}

static void child(void)
{
	register_ev_handler(EV_TEST, on_test, NULL);
	/* Wanted: one that does not read. */
	register_kevent_q(get_eventq_vcpd(max_vcores() - 1, EVENT_SPAM_PUBLIC |
					  EVENT_IPI), EV_TEST);
	if (vcore_request_total(1))
		exit(3);
	/* Before the answer: it brings the first message. */
	handled = 1;
	family_answer(1);
	/* Never asleep: it spins until it is killed. */
	for (;;)
		cpu_relax();
}

TEST(spam_next_to_start)
{
	uint32_t off = 0, told = 0;
	int pid;

	family_listen();
	pid = test_start(child);
	REQUIRE(family_told(1), "child-runs");
	for (uint64_t i = 2; i <= ROUNDS; i++) {
		struct proc_info info;

		off += family_look(pid, &info) &&
		       info.state == PROC_RUNNABLE_M && !info.num_vcores;
		family_send(pid, i);
		if (!family_told(i))
			break;		/* the rest would wait as long */
		told++;
	}
	if (procinfo->nr_cores == 1)
		CHECK_EQ(off, ROUNDS - 1, "runnable-without-a-core");
	CHECK_EQ(told, ROUNDS - 1, "handled");
	/* Seen twice is allowed; never is not. */
	CHECK(family_heard >= ROUNDS, "handled-each");
	sys_kill(pid, SIGKILL);
	test_wait(pid);
}
