/* stress_kill - nothing is left of processes that are killed at any moment,
 * and those beside them lose nothing.
 */
#define STRESS_MIX	(STRESS_SPAM | STRESS_WORK | STRESS_KILL)
#include "stress.h"

#define ROUNDS	30

TEST(stress_kill)
{
	stress("kill", ROUNDS);
}
