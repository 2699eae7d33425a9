/* flag_roundrobin_mcp - EVENT_ROUNDROBIN gives each online vcore its turn, and
 * stores the one that it chose in ev_vcore.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

#define ROUNDS	10

static uint32_t nr_on[MAX_VCORES];
static uint32_t nr_all;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	atomic_fetch_add32(&nr_on[vcore_id()], 1);
	atomic_fetch_add32(&nr_all, 1);
}

TEST(flag_roundrobin_mcp)
{
	struct event_queue *ev_q = get_eventq_slim();
	uint32_t n = procinfo->nr_cores - 1, next = 0;

	register_ev_handler(EV_TEST, on_test, NULL);
	REQUIRE(test_vcores(n), "all-vcores");
	ev_q->ev_flags = EVENT_ROUNDROBIN | EVENT_VCORE_PRIVATE | EVENT_IPI;
	ev_q->ev_vcore = n - 1;
	for (uint32_t i = 0; i < ROUNDS * n; i++) {
		test_send(ev_q, EV_TEST, i);
		next += ev_q->ev_vcore == i % n;
	}
	CHECK_EQ(next, ROUNDS * n, "each-in-its-turn");
	CHECK(WAIT(read_once(nr_all) == ROUNDS * n), "all-handled");
	for (uint32_t v = 0; v < n; v++)
		CHECK_EQ(nr_on[v], ROUNDS, "as-many-on-each");
}
