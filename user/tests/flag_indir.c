/* flag_indir - EVENT_INDIR sends EV_EVENT that names the ev_q, whose handler is
 * called, or whose mailbox is drained if it has none. */
#include "test.h"

static struct event_queue *asked;
static uint32_t alert_when_asked, nr_handled, sum;
static void *named;

static void on_event(struct event_msg *msg, unsigned int ev_type, void *data)
{
	named = msg->ev_arg3;
}

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	sum += msg->ev_arg2;
	atomic_fetch_add32(&nr_handled, 1);
}

static void on_evq(struct event_queue *ev_q)
{
	asked = ev_q;
	alert_when_asked = ev_q->ev_alert_pending;
	handle_one_mbox(ev_q->ev_mbox);
}

TEST(flag_indir)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	uint64_t indirs = procinfo->indirs;

	register_ev_handler(EV_EVENT, on_event, NULL);
	register_ev_handler(EV_TEST, on_test, NULL);
	ev_q->ev_flags = EVENT_INDIR | EVENT_IPI;

	test_send(ev_q, EV_TEST, 3);
	CHECK(WAIT(read_once(nr_handled) == 1), "mailbox-drained");
	CHECK(named == ev_q, "arg3-is-the-ev_q");

	ev_q->ev_handler = on_evq;
	test_send(ev_q, EV_TEST, 4);
	CHECK(WAIT(read_once(nr_handled) == 2), "handler-called");
	CHECK(asked == ev_q, "with-its-ev_q");
	CHECK_EQ(alert_when_asked, 0, "acknowledged-before");
	CHECK_EQ(sum, 7, "messages-whole");
	CHECK_EQ(procinfo->indirs - indirs, 2, "two-indirections");
}
