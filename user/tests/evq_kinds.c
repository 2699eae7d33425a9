/* evq_kinds - the ways to get an ev_q give what they say, empty and without
 * flags, and refuse a type of mailbox that there is not. */
#include "test.h"

static void check_empty(struct event_queue *ev_q, const char *fact)
{
	CHECK(ev_q && !ev_q->ev_flags && !ev_q->ev_alert_pending &&
	      !ev_q->ev_handler && !ev_q->ev_udata, fact);
}

static void round_trip(uint32_t type, const char *fact)
{
	struct event_queue *ev_q = get_eventq(type);
	struct event_msg msg;

	check_empty(ev_q, fact);
	test_send(ev_q, EV_TEST, 1);
	CHECK(mbox_get(ev_q->ev_mbox, &msg) && msg.ev_type == EV_TEST, fact);
	/* What is left in it dies with it. */
	test_send(ev_q, EV_TEST, 2);
	put_eventq(ev_q);
	ev_q = get_eventq(type);
	CHECK(mbox_is_empty(ev_q->ev_mbox), fact);
	put_eventq(ev_q);
}

TEST(evq_kinds)
{
	struct event_queue *ev_q;

	round_trip(EV_MBOX_UCQ, "ucq");
	round_trip(EV_MBOX_BITMAP, "bitmap");
	round_trip(EV_MBOX_CEQ, "ceq");
	CHECK(!get_eventq(0), "no-type-0");
	CHECK(!get_eventq(99), "no-type-99");

	ev_q = get_eventq_raw();
	check_empty(ev_q, "raw");
	CHECK(ev_q->ev_mbox && !ev_q->ev_mbox->type, "raw-room-for-a-mailbox");
	put_eventq_raw(ev_q);

	ev_q = get_eventq_slim();
	check_empty(ev_q, "slim");
	CHECK(!ev_q->ev_mbox, "slim-without-a-mailbox");
	put_eventq_slim(ev_q);

	ev_q = get_eventq_vcpd(1, EVENT_IPI);
	CHECK(ev_q && !ev_q->ev_mbox && ev_q->ev_vcore == 1 &&
	      ev_q->ev_flags == EVENT_IPI, "vcpd");
	put_eventq_vcpd(ev_q);
}
