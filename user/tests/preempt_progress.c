/* preempt_progress - vcores are taken at random, one and all, and every
 * uthread goes on.
 *
 * Scenario: cpus=2,4,16
 */
#include "progress.h"

#define TAKES		100
#define TAKES_MANY	30	/* cores, which the host has not */

TEST(preempt_progress)
{
	uint32_t vcores = procinfo->nr_cores - 1;
	uint32_t takes = vcores > 4 ? TAKES_MANY : TAKES;
	uint32_t taken = 0;

	progress_begin();
	vcore_request_total(vcores);
	while (taken < takes && progress_take_and_see(vcores))
		taken++;
	CHECK_EQ(taken, takes, "everybody-went-on");
	progress_end();
}
