/* stress_preempt - no message is lost and every uthread goes on while vcores
 * are warned, taken one by one and all at once, and become one another.
 *
 * Scenario: cpus=1,16
 */
#define STRESS_MIX	(STRESS_SPAM | STRESS_QUEUES | STRESS_WORK | \
			 STRESS_PREEMPT | STRESS_CHANGE)
#include "stress.h"

#define ROUNDS	30

TEST(stress_preempt)
{
	stress("preempt", ROUNDS);
}
