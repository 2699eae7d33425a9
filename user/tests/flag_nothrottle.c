/* flag_nothrottle - while an indirection is not acknowledged no other is sent,
 * unless EVENT_NOTHROTTLE asks for each. */
#include "test.h"

#define MESSAGES	20

static uint32_t nr_events, nr_tests;

static void on_event(struct event_msg *msg, unsigned int ev_type, void *data)
{
	nr_events++;
}

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	atomic_fetch_add32(&nr_tests, 1);
}

/* Send all of them while nobody can look; how many indirections came. */
static uint32_t indirections(struct event_queue *ev_q)
{
	uint32_t before = read_once(nr_events);

	nr_tests = 0;
	disable_notifs();
	for (uint32_t i = 0; i < MESSAGES; i++)
		test_send(ev_q, EV_TEST, i);
	CHECK_EQ(read_once(ev_q->ev_alert_pending), 1, "on-its-way");
	enable_notifs();
	CHECK(WAIT(read_once(nr_tests) == MESSAGES), "all-handled");
	return read_once(nr_events) - before;
}

TEST(flag_nothrottle)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	uint64_t throttled = procinfo->throttled;

	register_ev_handler(EV_EVENT, on_event, NULL);
	register_ev_handler(EV_TEST, on_test, NULL);

	ev_q->ev_flags = EVENT_INDIR | EVENT_IPI;
	CHECK_EQ(indirections(ev_q), 1, "throttled");
	CHECK_EQ(procinfo->throttled - throttled, MESSAGES - 1,
		 "throttled-are-counted");

	ev_q->ev_flags = EVENT_INDIR | EVENT_IPI | EVENT_NOTHROTTLE;
	CHECK_EQ(indirections(ev_q), MESSAGES, "each");
	CHECK_EQ(ev_q->ev_alert_pending, 0, "acknowledged");
}
