/* evqs_shared - several uthreads wait on the same ev_qs, with and without a
 * time-out, and each message ends one wait.
 *
 * Scenario: cpus=1,4
 */
#include "blockon.h"
#include "clock.h"
#include "test.h"

#define WAITERS		4
#define MESSAGES	1000
#define LAST		MESSAGES	/* what tells a waiter to end */

static struct event_queue *evqs[2];
static uint8_t seen[MESSAGES];
static uint32_t nr_seen;

static void *wait_for_some(void *arg)
{
	bool patient = arg;
	struct event_msg msg;
	uintptr_t got = 0;

	for (;;) {
		uint64_t until = patient ? BLOCKON_EVER : clock_ns() + 300000;

		if (uth_blockon_evqs(&msg, NULL, evqs, 2, until))
			continue;
		if (msg.ev_arg2 == LAST)
			return (void *)got;
		__atomic_fetch_add(&seen[msg.ev_arg2], 1, __ATOMIC_RELAXED);
		atomic_fetch_add32(&nr_seen, 1);
		got++;
	}
}

TEST(evqs_shared)
{
	struct uthread *uth[WAITERS];
	uint32_t once = 0, sum = 0;

	evqs[0] = get_eventq_blockon(EV_MBOX_UCQ);
	evqs[1] = get_eventq_blockon(EV_MBOX_UCQ);
	uthread_set_max_vcores(3);
	for (uintptr_t i = 0; i < WAITERS; i++)
		uth[i] = uthread_create(wait_for_some, (void *)(i % 2));
	for (uint32_t i = 0; i < MESSAGES; i++) {
		test_send(evqs[i % 2], EV_TEST, i);
		if (i % 7 == 0)
			uthread_yield();
	}
	CHECK(WAIT((uthread_yield(), read_once(nr_seen) == MESSAGES)),
	      "all-are-taken");
	for (int i = 0; i < WAITERS; i++)
		test_send(evqs[0], EV_TEST, LAST);
	for (int i = 0; i < WAITERS; i++) {
		void *got;

		uthread_join(uth[i], &got);
		sum += (uint32_t)(uintptr_t)got;
	}
	for (int i = 0; i < MESSAGES; i++)
		once += seen[i] == 1;
	CHECK_EQ(once, MESSAGES, "each-once");
	CHECK_EQ(sum, MESSAGES, "one-wait-each");
}
