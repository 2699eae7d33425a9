/* evq_fresh - an ev_q that was put back is given out again as if it were new:
 * nothing of its earlier life is in it, nor comes of an event that is sent to
 * it between two lives.
 */
#include "test.h"

static uint32_t called;

static void on_evq(struct event_queue *ev_q)
{
	called++;
}

/* Live a life that leaves its traces. */
static void live(struct event_queue *ev_q)
{
	ev_q->ev_flags = EVENT_INDIR | EVENT_IPI;
	ev_q->ev_vcore = 1;
	ev_q->ev_handler = on_evq;
	ev_q->ev_udata = ev_q;
	ev_q->ev_alert_pending = 1;
}

static bool is_fresh(struct event_queue *ev_q)
{
	return !ev_q->ev_flags && !ev_q->ev_vcore && !ev_q->ev_handler &&
	       !ev_q->ev_udata && !ev_q->ev_alert_pending;
}

static void check_kind(struct event_queue *(*get)(void),
		       void (*put)(struct event_queue *ev_q), const char *fact)
{
	struct event_queue *ev_q = get();
	struct event_queue *again;

	live(ev_q);
	put(ev_q);
	CHECK(!ev_q->ev_flags && !ev_q->ev_handler, "nobody-is-asked");
	again = get();
	CHECK(again == ev_q && is_fresh(again), fact);
	put(again);
}

static struct event_queue *get_ucq(void)
{
	return get_eventq(EV_MBOX_UCQ);
}

static struct event_queue *get_bitmap(void)
{
	return get_eventq(EV_MBOX_BITMAP);
}

/* Who was late sends to an ev_q that has been put back. */
static void check_late(struct event_queue *(*get)(void), const char *fact)
{
	struct event_queue *ev_q = get();

	live(ev_q);
	put_eventq(ev_q);
	test_send(ev_q, EV_TEST, 1);
	CHECK(get() == ev_q && mbox_is_empty(ev_q->ev_mbox), fact);
	put_eventq(ev_q);
}

TEST(evq_fresh)
{
	check_kind(get_ucq, put_eventq, "ucq");
	check_kind(get_bitmap, put_eventq, "bitmap");
	check_kind(get_eventq_raw, put_eventq_raw, "raw");
	check_kind(get_eventq_slim, put_eventq_slim, "slim");
	check_late(get_ucq, "late-in-a-ucq");
	check_late(get_bitmap, "late-in-a-bitmap");
	CHECK_EQ(called, 0, "no-handler-is-called");
}
