/* alert_before_drain - a message that comes after the acknowledgement, even
 * while its mailbox is being drained, brings an indirection of its own. */
#include "test.h"

static struct event_queue *ev_q;
static uint32_t nr_asked, nr_taken, alert_after_send;

/* The first time, send one more once all are taken: it is ours to hear of,
 * not ours to take. */
static void on_evq(struct event_queue *q)
{
	struct event_msg msg;

	while (mbox_get(q->ev_mbox, &msg))
		nr_taken++;
	if (!read_once(nr_asked)) {
		test_send(q, EV_TEST, 2);
		alert_after_send = q->ev_alert_pending;
	}
	atomic_fetch_add32(&nr_asked, 1);
}

TEST(alert_before_drain)
{
	ev_q = get_eventq(EV_MBOX_UCQ);
	ev_q->ev_flags = EVENT_INDIR | EVENT_IPI;
	ev_q->ev_handler = on_evq;
	test_send(ev_q, EV_TEST, 1);
	CHECK(WAIT(read_once(nr_asked) == 2), "asked-twice");
	CHECK_EQ(alert_after_send, 1, "not-throttled");
	CHECK_EQ(nr_taken, 2, "both-taken");
	CHECK_EQ(procinfo->throttled, 0, "none-throttled");
}
