/* flag_roundrobin_none - EVENT_ROUNDROBIN in a many-core process that has no
 * vcore at that moment is vcore 0, and EVENT_WAKEUP starts it.
 *
 * Scenario: cpus=2,4
 */
#include "test.h"

static uint32_t handled_on;		/* 99: not yet */

static void on_syscall(struct event_msg *msg, unsigned int ev_type, void *data)
{
	handled_on = vcore_id();
	test_wake();
}

/* Sleep and be woken through @ev_q after @ms: was it a sleep, and not just a
 * wait that was over too soon? */
static bool sleep_once(struct event_queue *ev_q, uint32_t ms)
{
	uint64_t wakeups = procinfo->wakeups;
	struct syscall sc;

	handled_on = 99;
	ev_q->ev_vcore = 7;
	test_send_later(&sc, ev_q, ms);
	REQUIRE(test_sleep(), "woken");
	CHECK_EQ(handled_on, 0, "on-vcore-0");
	CHECK_EQ(ev_q->ev_vcore, 0, "stored");
	return procinfo->wakeups != wakeups;
}

TEST(flag_roundrobin_none)
{
	struct event_queue *ev_q = get_eventq_slim();
	uint32_t ms = 50;

	register_ev_handler(EV_SYSCALL, on_syscall, NULL);
	REQUIRE(!vcore_request_total(1), "many-core");
	ev_q->ev_flags = EVENT_ROUNDROBIN | EVENT_WAKEUP;
	while (!sleep_once(ev_q, ms) && ms < 2000)
		ms *= 2;
	CHECK(ms < 2000, "it-slept");
	CHECK_EQ(test_refused(), 0, "nothing-refused");
}
