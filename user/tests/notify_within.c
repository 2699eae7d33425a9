/* notify_within - a handler that looks at one ev_q from within another, and is
 * kept by a third that does not return, leaves nothing behind in either.
 */
#include "test.h"

#define MESSAGES	5

static struct event_queue *outer, *inner;
static uint32_t nr_outer, nr_inner;

static void on_outer(struct event_msg *msg, unsigned int ev_type, void *data)
{
	nr_outer++;
	handle_event_q(inner, inner->ev_gen);
}

static void on_inner(struct event_msg *msg, unsigned int ev_type, void *data)
{
	nr_inner++;
	run_current_uthread();
}

TEST(notify_within)
{
	register_ev_handler(EV_TEST, on_outer, NULL);
	register_ev_handler(EV_TEST2, on_inner, NULL);
	outer = get_eventq(EV_MBOX_UCQ);
	inner = get_eventq(EV_MBOX_UCQ);
	outer->ev_flags = EVENT_INDIR | EVENT_IPI;
	disable_notifs();
	for (uint32_t i = 0; i < MESSAGES; i++) {
		test_send(inner, EV_TEST2, i);
		test_send(outer, EV_TEST, i);
	}
	enable_notifs();
	CHECK(WAIT(read_once(nr_outer) == MESSAGES), "outer");
	CHECK(WAIT(read_once(nr_inner) == MESSAGES), "inner");
}
