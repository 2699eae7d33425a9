/* race_spam_left - a vcore that reads is chosen, and leaves before the message
 * is in its mailbox: another vcore handles it.
 *
 * [yield-look], the sender's second look.
 *
 * Scenario: race=1
 */
#include "raced.h"

TEST(race_spam_left)
{
	struct event_queue *ev_q;

	if (!crowd_start(2))
		return;
	ev_q = crowd_evq(1, EVENT_SPAM_PUBLIC | EVENT_IPI);
	raced_arm("v1@EVENTS_DRAINED waits v0@SPAM_CHOSEN;"
		  "v0@SPAM_CHOSEN waits v1@YIELD_LEFT");
	write_once(crowd_away[1], 1);
	crowd_send(ev_q);
	raced_all(2);
	CHECK(WAIT(crowd_handled[0]), "handled");
}
