/* evqs_each - a uthread that waits on several ev_qs gets every message, those
 * that were there before and those that come, and is told by which ev_q.
 *
 * Scenario: cpus=1,4
 */
#include "blockon.h"
#include "test.h"

#define EVQS	3
#define ROUNDS	200

static struct event_queue *evqs[EVQS];
static uint32_t taken;

/* Send while main waits, or just before it does. */
static void *send(void *arg)
{
	for (uint32_t i = 0; i < ROUNDS; i++) {
		while (read_once(taken) < i)
			uthread_yield();
		test_send(evqs[i % EVQS], EV_TEST, i);
	}
	return NULL;
}

TEST(evqs_each)
{
	static const uint32_t kinds[EVQS] = {
		EV_MBOX_UCQ, EV_MBOX_CEQ, EV_MBOX_BITMAP,
	};
	struct event_queue *which;
	struct event_msg msg;
	struct uthread *uth;
	uint32_t right = 0;

	for (int i = 0; i < EVQS; i++)
		REQUIRE(evqs[i] = get_eventq_blockon(kinds[i]), "ev_q");
	test_send(evqs[2], EV_TEST2, 0);
	CHECK_EQ(uth_blockon_evqs(&msg, &which, evqs, EVQS, BLOCKON_EVER), 0,
		 "was-there");
	CHECK(which == evqs[2] && msg.ev_type == EV_TEST2, "the-one-there");

	test_send(evqs[2], EV_TEST, 0);
	test_send(evqs[1], EV_TEST, 0);
	for (int i = 1; i < EVQS; i++)
		right += !uth_blockon_evqs(&msg, &which, evqs, EVQS, 0) &&
			 which == evqs[i];
	CHECK_EQ(right, EVQS - 1, "the-first-that-has-one");

	right = 0;
	uthread_set_max_vcores(2);
	uth = uthread_create(send, NULL);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		if (uth_blockon_evqs(&msg, &which, evqs, EVQS, BLOCKON_EVER))
			break;
		right += which == evqs[i % EVQS] && msg.ev_type == EV_TEST;
		write_once(taken, i + 1);
	}
	CHECK_EQ(right, ROUNDS, "each-by-its-ev_q");
	uthread_join(uth, NULL);
	CHECK_EQ(uth_blockon_evqs(&msg, NULL, evqs, 0, 0), -EINVAL, "none");
	CHECK_EQ(uth_blockon_evqs(&msg, NULL, evqs, BLOCKON_MAX + 1, 0),
		 -EINVAL, "too-many");
}
