/* kill_preempted - a process that is killed while a vcore of it is on its way
 * from one core to another gives back both.
 *
 * Scenario: cpus=3,4
 */
#include "family.h"

#define LIVES	60

static void child(void)
{
	if (vcore_request_total(1))
		exit(3);
	family_answer(1);
	for (;;)
		cpu_relax();
}

/* Gets all cores, if nobody else holds any. */
static void child_on_all(void)
{
	if (!test_vcores(family_cores()))
		exit(4);
}

TEST(kill_preempted)
{
	uint32_t killed = 0;

	family_listen();
	for (int i = 0; i < LIVES; i++) {
		int pid;

		write_once(family_heard, 0);
		pid = test_start(child);
		if (!family_told(1))
			break;
		/* It is granted a free core before the one that it had has
		 * saved it. */
		sys_preempt(pid, 0, 0);
		sys_poke_ksched();
		sys_kill(pid, SIGKILL);
		killed += test_wait(pid) == W_STATUS(0, SIGKILL);
	}
	CHECK_EQ(killed, LIVES, "killed");
	CHECK_EQ(test_run(child_on_all), 0, "cores-free-again");
}
