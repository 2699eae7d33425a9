/* notify_storm - a uthread that is notified without end by all other vcores
 * gets on all the same, and does not lose its stack to it.
 *
 * Scenario: cpus=3,8
 */
#include "test.h"

#define STEPS	20000

static uint32_t done;

static void *notify(void *arg)
{
	while (!read_once(done))
		sys_self_notify(0, EV_NONE, NULL, true);
	return NULL;
}

TEST(notify_storm)
{
	uint32_t n = procinfo->nr_cores - 1;
	struct uthread *uth[16];
	uint32_t steps;

	if (n > 8)
		n = 8;
	if (n < 2 || !test_vcores(n)) {
		CHECK(procinfo->nr_cores <= 2, "machine-too-small");
		return;
	}
	for (uint32_t i = 1; i < n; i++)
		uth[i] = uthread_create(notify, NULL);
	/* Each step is long enough to be interrupted, and leaves. */
	for (steps = 0; steps < STEPS; steps++)
		cpu_relax_bounded();
	write_once(done, 1);
	for (uint32_t i = 1; i < n; i++)
		uthread_join(uth[i], NULL);
	CHECK_EQ(steps, STEPS, "gets-on");
}
