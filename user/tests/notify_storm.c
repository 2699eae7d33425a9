/* notify_storm - a uthread that is notified without end by all other vcores
 * gets on all the same, and does not lose its stack to it.
 *
 * Scenario: cpus=3,8
 */
#include "notifier.h"

#define STEPS	20000

TEST(notify_storm)
{
	uint32_t n = procinfo->nr_cores - 1;
	struct uthread *uths[7];
	uint32_t steps;

	if (n > 8)
		n = 8;
	if (n < 2 || !test_vcores(n)) {
		CHECK(procinfo->nr_cores <= 2, "machine-too-small");
		return;
	}
	notifiers_begin(uths, n - 1);
	/* Each step is long enough to be interrupted, and leaves. */
	for (steps = 0; steps < STEPS; steps++)
		cpu_relax_bounded();
	notifiers_end(uths, n - 1);
	CHECK_EQ(steps, STEPS, "gets-on");
}
