/* spam_storm_quiet - no spammed event is lost without EVENT_IPI either: vcores
 * yield and come back all the time, and nothing but the event keeps them.
 *
 * Scenario: cpus=1,4
 */
#include "storm.h"

#define BURSTS	500

static void child(void)
{
	storm_child(get_eventq_vcpd(0, EVENT_SPAM_PUBLIC | EVENT_WAKEUP));
}

TEST(spam_storm_quiet)
{
	storm(child, BURSTS);
}
