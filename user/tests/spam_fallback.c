/* spam_fallback - when all vcores have yielded and the process sleeps, one
 * spammed event with EVENT_WAKEUP wakes it and is handled, whichever vcore was
 * wanted.
 *
 * Scenario: cpus=1,2,4
 */
#include "family.h"

#define ROUNDS	60

static struct event_queue *ev_q;
static uint64_t handled;		/* atomic */

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	uint64_t nr = atomic_fetch_add64(&handled, 1) + 1;

	/* The next is for another one, which never runs, or has run. */
	write_once(ev_q->ev_vcore, nr % max_vcores());
	family_answer(nr);
}

static void child(void)
{
	uint32_t n = family_cores();

	register_ev_handler(EV_TEST, on_test, NULL);
	ev_q = get_eventq_vcpd(0, EVENT_SPAM_PUBLIC | EVENT_IPI |
			       EVENT_WAKEUP);
	register_kevent_q(ev_q, EV_TEST);
	if (vcore_request_total(n > 3 ? 3 : n))
		exit(3);
	family_park();
}

TEST(spam_fallback)
{
	uint32_t asleep = 0, told = 0;
	struct proc_info info;
	int pid;

	family_listen();
	pid = test_start(child);
	for (uint64_t i = 1; i <= ROUNDS; i++) {
		asleep += family_reaches(pid, PROC_WAITING);
		family_send(pid, i);
		told += family_told(i);
	}
	CHECK_EQ(asleep, ROUNDS, "sleeps");
	CHECK_EQ(told, ROUNDS, "wakes-and-handles");
	/* Seen twice is allowed; never is not. */
	CHECK(family_heard >= ROUNDS, "handled-each");
	CHECK(family_look(pid, &info) && info.is_mcp, "many-core");
	sys_kill(pid, SIGKILL);
	CHECK_EQ(test_wait(pid), W_STATUS(0, SIGKILL), "child");
}
