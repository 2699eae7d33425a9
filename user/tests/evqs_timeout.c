/* evqs_timeout - a wait whose time is over ends then and not before, with no
 * message; one that comes later ends no wait on another ev_q, and is there for
 * the next wait on its own.
 *
 * Scenario: cpus=1,4
 */
#include "blockon.h"
#include "clock.h"
#include "test.h"

#define SHORT	(5 * NSEC_PER_MSEC)
#define ROUNDS	20

TEST(evqs_timeout)
{
	struct event_queue *a = get_eventq_blockon(EV_MBOX_UCQ);
	struct event_queue *b = get_eventq_blockon(EV_MBOX_UCQ);
	struct event_queue *both[] = { a, b };
	struct event_queue *which;
	struct event_msg msg;
	uint32_t early = 0, late = 0, right = 0;

	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint64_t deadline = clock_ns() + SHORT;

		/* Both; then b alone, while a's message comes and wakes. */
		late += uth_blockon_evqs(&msg, &which, both, 2, deadline) ==
			-ETIMEDOUT && !which;
		early += clock_ns() < deadline;
		deadline = clock_ns() + SHORT;
		test_send(a, EV_TEST, i);
		late += uth_blockon_evqs(&msg, &which, &b, 1, deadline) ==
			-ETIMEDOUT;
		early += clock_ns() < deadline;
		if (!uth_blockon_evqs(&msg, &which, both, 2, deadline))
			right += which == a && msg.ev_arg2 == i;
	}
	CHECK_EQ(late, 2 * ROUNDS, "timed-out");
	CHECK_EQ(early, 0, "before-its-time");
	CHECK_EQ(right, ROUNDS, "kept-for-the-next-wait");
	put_eventq_blockon(a);
	put_eventq_blockon(b);
}
