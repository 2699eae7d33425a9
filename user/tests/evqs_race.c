/* evqs_race - when a message and the end of the wait come at the same time, the
 * message is taken once, by this wait or by the next.
 *
 * Scenario: cpus=1,4
 */
#include "blockon.h"
#include "clock.h"
#include "test.h"

#define MESSAGES	2000
#define UP_TO_NS	200000

static struct event_queue *evqs[2];
static uint32_t taken;

static void *send(void *arg)
{
	for (uint32_t i = 0; i < MESSAGES; i++) {
		uint64_t until = clock_ns() + test_random(UP_TO_NS);

		while (read_once(taken) < i || clock_ns() < until)
			uthread_yield();
		test_send(evqs[i % 2], EV_TEST, i);
	}
	return NULL;
}

TEST(evqs_race)
{
	unsigned int seed = (unsigned int)test_seed();
	uint32_t in_order = 0, late = 0;
	struct event_queue *which;
	struct event_msg msg;
	struct uthread *uth;

	evqs[0] = get_eventq_blockon(EV_MBOX_UCQ);
	evqs[1] = get_eventq_blockon(EV_MBOX_UCQ);
	uthread_set_max_vcores(2);
	uth = uthread_create(send, NULL);
	for (uint32_t i = 0; i < MESSAGES; ) {
		uint64_t until = clock_ns() + (uint32_t)rand_r(&seed) %
				 UP_TO_NS;

		if (uth_blockon_evqs(&msg, &which, evqs, 2, until)) {
			late++;
			continue;
		}
		in_order += msg.ev_arg2 == i && which == evqs[i % 2];
		write_once(taken, ++i);
	}
	uthread_join(uth, NULL);
	CHECK_EQ(in_order, MESSAGES, "each-once");
	CHECK(late, "some-waits-ended-first");
}
