/* stress_mix - all of it at once.
 *
 * Scenario: cpus=1,4,16
 */
#define STRESS_MIX	(STRESS_SPAM | STRESS_QUEUES | STRESS_WORK | \
			 STRESS_PREEMPT | STRESS_CHANGE | STRESS_SIGNAL | \
			 STRESS_KILL)
#include "stress.h"

#define ROUNDS	30

TEST(stress_mix)
{
	stress("mix", ROUNDS);
}
