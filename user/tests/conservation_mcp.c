/* conservation_mcp - the same counters add up when several vcores send,
 * handle and block at once.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

#define EACH	300
#define SENDERS	3

static struct event_queue *ev_q[4];

static uint64_t nr_handled(void)
{
	uint64_t sum = 0;

	for (uint32_t v = 0; v < procinfo->max_vcores; v++)
		sum += read_once(vcpd_of(v)->nr_handled);
	return sum;
}

static bool balanced(void)
{
	return read_once(procinfo->posted) - read_once(procinfo->coalesced) ==
	       nr_handled();
}

static void *send_all(void *who)
{
	for (uint32_t i = 0; i < EACH; i++) {
		test_send(ev_q[i % 4], EV_TEST, 1);
		if (i % 64 == 0)
			sys_block(1000);
	}
	return NULL;
}

TEST(conservation_mcp)
{
	struct uthread *sender[SENDERS];

	for (int i = 0; i < 4; i++) {
		/* UCQ, bitmap, CEQ, and the vcore's own. */
		ev_q[i] = i < 3 ? get_eventq(i + 1) : get_eventq_slim();
		ev_q[i]->ev_flags = EVENT_INDIR | EVENT_ROUNDROBIN |
				    EVENT_SPAM_INDIR | EVENT_IPI;
	}
	ev_q[3]->ev_flags = EVENT_SPAM_PUBLIC | EVENT_ROUNDROBIN | EVENT_IPI;
	REQUIRE(test_vcores_upto(4), "vcores");
	for (uintptr_t i = 0; i < SENDERS; i++)
		sender[i] = uthread_create(send_all, NULL);
	for (int i = 0; i < SENDERS; i++)
		uthread_join(sender[i], NULL);
	CHECK(WAIT(balanced()), "when-quiet");
	CHECK(procinfo->posted >= SENDERS * EACH, "posted");
	CHECK_EQ(test_refused(), 0, "nothing-refused");
}
