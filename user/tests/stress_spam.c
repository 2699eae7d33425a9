/* stress_spam - no message is lost, spammed or queued, while uthreads of the
 * receiver work and its vcores come and go.
 */
#define STRESS_MIX	(STRESS_SPAM | STRESS_QUEUES | STRESS_WORK)
#include "stress.h"

#define ROUNDS	30

TEST(stress_spam)
{
	stress("spam", ROUNDS);
}
