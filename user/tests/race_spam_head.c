/* race_spam_head - the head of the online list is chosen, and leaves before
 * the message is in its mailbox: the next head handles it.
 *
 * [yield-list], the sender's second look.
 *
 * Scenario: race=1
 */
#include "raced.h"

static struct event_queue *ev_q;

static void sender(void)
{
	raced_arm("v0@EVENTS_DRAINED waits v1@SPAM_HEAD_CHOSEN;"
		  "v1@SPAM_HEAD_CHOSEN waits v0@YIELD_LEFT");
	write_once(crowd_away[0], 1);
	crowd_send(ev_q);
	raced_all(2);
}

TEST(race_spam_head)
{
	if (!crowd_start(2))
		return;
	/* Wanted: one that does not read.  So the list is asked. */
	ev_q = crowd_evq(max_vcores() - 1, EVENT_SPAM_PUBLIC | EVENT_IPI);
	raced_send_from_1(sender);
	CHECK(WAIT(crowd_total), "handled");
}
