/* spam_indir_offline - with EVENT_SPAM_INDIR an indirection finds a vcore that
 * is online; without it, it waits for its own.
 */
#include "crowd.h"

#define EV_QS	40

static struct event_queue *make(uint32_t flags)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);

	REQUIRE(ev_q, "ev_q");
	ev_q->ev_vcore = 2;
	ev_q->ev_flags = EVENT_INDIR | EVENT_IPI | flags;
	return ev_q;
}

TEST(spam_indir_offline)
{
	struct event_queue *quiet;

	if (!crowd_start(3))
		return;
	crowd_leave(2);
	for (int i = 0; i < EV_QS; i++)
		crowd_send(make(EVENT_SPAM_INDIR));
	CHECK(WAIT(read_once(crowd_total) == EV_QS), "all-handled");
	CHECK_EQ(crowd_handled[2], 0, "by-the-absent");

	quiet = make(0);
	crowd_send(quiet);
	crowd_send(quiet);
	CHECK_EQ(read_once(quiet->ev_alert_pending), 1, "on-its-way");
	CHECK_EQ(read_once(crowd_total), EV_QS, "waits");
	crowd_return(2);
	CHECK(WAIT(read_once(crowd_total) == EV_QS + 2), "handled-at-last");
	CHECK_EQ(crowd_handled[2], 2, "by-its-own-vcore");
	CHECK_EQ(read_once(quiet->ev_alert_pending), 0, "acknowledged");
}
