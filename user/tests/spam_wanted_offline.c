/* spam_wanted_offline - a spammed event for a vcore that has yielded goes to
 * one that is online, and no event waits for the absent.
 */
#include "crowd.h"

#define ROUNDS	100

TEST(spam_wanted_offline)
{
	struct event_queue *ev_q;

	if (!crowd_start(3))
		return;
	crowd_leave(2);
	ev_q = crowd_evq(2, EVENT_SPAM_PUBLIC | EVENT_IPI);
	for (int i = 0; i < ROUNDS; i++)
		crowd_send(ev_q);
	CHECK(WAIT(read_once(crowd_total) == ROUNDS), "all-handled");
	CHECK(!vcore_is_mapped(2), "stays-away");
	CHECK_EQ(crowd_handled[2], 0, "by-the-absent");

	/* Nor for one that has never been there. */
	ev_q->ev_vcore = max_vcores() - 1;
	crowd_send(ev_q);
	CHECK(WAIT(read_once(crowd_total) == ROUNDS + 1), "never-started");
	crowd_return(2);
	crowd_send(ev_q);
	CHECK(WAIT(read_once(crowd_total) == ROUNDS + 2), "after-its-return");
	CHECK(mbox_is_empty(&vcpd_of(2)->mbox_public), "nothing-left");
}
