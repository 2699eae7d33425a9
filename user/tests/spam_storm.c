/* spam_storm - no spammed event is lost while vcores yield and come back all
 * the time, and the process sleeps in between.
 *
 * Scenario: cpus=1,2,4
 */
#include "storm.h"

#define BURSTS	500

static void child(void)
{
	storm_child(get_eventq_vcpd(0, EVENT_SPAM_PUBLIC | EVENT_IPI |
				    EVENT_WAKEUP));
}

TEST(spam_storm)
{
	storm(child, BURSTS);
}
