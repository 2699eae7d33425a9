/* kill_creator - a process that is killed while it makes children leaves none
 * behind that nobody will ever start.
 *
 * Scenario: cpus=3,4
 */
#include "family.h"
#include "leak.h"

#define LIVES	20

static void child(void)
{
	const char args[] = "true";

	if (vcore_request_total(1))
		exit(3);
	family_answer(1);
	for (;;)
		sys_proc_create("bin/true", args, sizeof(args), 1);
}

TEST(kill_creator)
{
	uint64_t before = leak_before().procs;
	uint32_t killed = 0;

	family_listen();
	for (int i = 0; i < LIVES; i++) {
		int pid;

		write_once(family_heard, 0);
		pid = test_start(child);
		if (!family_told(1))
			break;
		usleep(test_random(1000));
		sys_kill(pid, SIGKILL);
		killed += test_wait(pid) == W_STATUS(0, SIGKILL);
	}
	CHECK_EQ(killed, LIVES, "killed");
	CHECK(WAIT(leak_look().procs <= before || usleep(1000)), "nobody-left");
}
