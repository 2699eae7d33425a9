/* race_yield_pending - a vcore has looked, in the library and in the kernel,
 * and is on its way out when a message comes by the list: the kernel does not
 * let it go.
 *
 * [yield-list], the leaving vcore's last look.
 *
 * Scenario: race=1
 */
#include "raced.h"

static struct event_queue *ev_q;

/* The sender's last point comes after its second look at the list. */
static void sender(void)
{
	raced_arm("v1@SPAM_HEAD_CHOSEN waits v0@YIELD_ENTER;"
		  "v0@YIELD_ENTER waits v1@WAKE_PENDING");
	write_once(crowd_away[0], 1);
	crowd_send(ev_q);
	raced_all(2);
	write_once(crowd_away[0], 0);
	/* Here: when this uthread ends, vcore 0 may be wanted again. */
	CHECK(WAIT(crowd_handled[0]), "handled");
}

TEST(race_yield_pending)
{
	if (!crowd_start(2))
		return;
	ev_q = crowd_evq(max_vcores() - 1, EVENT_SPAM_PUBLIC | EVENT_WAKEUP);
	raced_send_from_1(sender);
}
