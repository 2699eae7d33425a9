/* stress_signal - no last signal and no alarm is lost while vcores are taken.
 */
#define STRESS_MIX	(STRESS_WORK | STRESS_SIGNAL | STRESS_PREEMPT)
#include "stress.h"

#define ROUNDS	30

TEST(stress_signal)
{
	stress("signal", ROUNDS);
}
