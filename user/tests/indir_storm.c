/* indir_storm - no event in an ev_q is lost while the vcores that should hear
 * of it yield and come back all the time.
 *
 * Scenario: cpus=1,2,4
 */
#include "storm.h"

#define BURSTS	500

static void child(void)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);

	ev_q->ev_flags = EVENT_INDIR | EVENT_SPAM_INDIR | EVENT_IPI |
			 EVENT_WAKEUP;
	storm_child(ev_q);
}

TEST(indir_storm)
{
	storm(child, BURSTS);
}
