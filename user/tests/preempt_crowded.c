/* preempt_crowded - eight vcores that have one core left between them, and lose
 * that at random: every uthread goes on.
 *
 * Scenario: cpus=9
 */
#include "progress.h"

#define VCORES	8
#define TAKES	60

/* Takes all cores but one, for it has a right to them. */
static void hog(void)
{
	sys_provision(procinfo->pid, VCORES - 1);
	uthread_keep_vcores(true);
	vcore_request_total(VCORES - 1);
	for (;;)
		cpu_relax();
}

TEST(preempt_crowded)
{
	uint32_t taken = 0;
	int pid;

	progress_begin();
	vcore_request_total(VCORES);
	REQUIRE(WAIT(num_vcores() == VCORES), "a-core-each");
	pid = test_start(hog);
	CHECK(WAIT(num_vcores() == 1 || (uthread_yield(), false)),
	      "one-core-left");
	while (taken < TAKES && progress_take_and_see(VCORES))
		taken++;
	CHECK_EQ(taken, TAKES, "everybody-went-on");
	CHECK(num_vcores() <= 1, "one-core-still");
	sys_kill(pid, SIGKILL);
	test_wait(pid);
	progress_end();
}
