/* exit_all_cores - exit() on any vcore ends the process on all of them, with
 * calls blocked and others under way; its cores serve others.
 *
 * Scenario: cpus=1,4
 */
#include "family.h"

#define LIVES	12

/* In and out of the kernel, all the time. */
static void *spin(void *arg)
{
	for (;;)
		sys_null();
	return NULL;
}

static void *block(void *arg)
{
	sys_block((uint64_t)arg);
	return NULL;
}

static void live_and_die(void)
{
	uint32_t n = family_cores();

	vcore_request_total(n);
	for (uint64_t i = 0; i < 8; i++)
		uthread_create(block, (void *)(i * 300));
	uthread_yield();
	for (uint32_t i = 1; i < n; i++)
		uthread_create(spin, NULL);
	if (!WAIT(num_vcores() == n))
		exit(9);
	exit(7);
}

TEST(exit_all_cores)
{
	uint32_t right = 0;

	for (int i = 0; i < LIVES; i++)
		right += test_run(live_and_die) == W_STATUS(7, 0);
	CHECK_EQ(right, LIVES, "exit-status");
}
