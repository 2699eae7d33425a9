/* evq_put_race - ev_qs are freed and made again while indirections that name
 * them are on their way: no handler ever sees an ev_q that is not its own.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

#define LIVES	400

static uint32_t nr_seen, nr_strange;

/* Each life has its number in ev_udata and in its messages. */
static void on_evq(struct event_queue *ev_q)
{
	struct event_msg msg;

	while (mbox_get(ev_q->ev_mbox, &msg)) {
		atomic_fetch_add32(&nr_seen, 1);
		if ((uintptr_t)ev_q->ev_udata != msg.ev_arg2)
			atomic_fetch_add32(&nr_strange, 1);
	}
}

static void live_once(uint32_t life)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);

	ev_q->ev_udata = (void *)(uintptr_t)life;
	ev_q->ev_handler = on_evq;
	ev_q->ev_flags = EVENT_INDIR | EVENT_IPI | EVENT_ROUNDROBIN |
			 EVENT_NOTHROTTLE;
	for (int i = 0; i < 3; i++)
		test_send(ev_q, EV_TEST, life);
	put_eventq(ev_q);
}

TEST(evq_put_race)
{
	REQUIRE(test_vcores(2), "two-vcores");
	for (uint32_t life = 1; life <= LIVES; life++)
		live_once(life);
	CHECK_EQ(nr_strange, 0, "of-another-life");
	CHECK(nr_seen <= 3 * LIVES, "none-twice");
	CHECK_EQ(test_refused(), 0, "nothing-refused");
	CHECK_EQ(procinfo->indirs, 3 * LIVES, "indirections");
}
