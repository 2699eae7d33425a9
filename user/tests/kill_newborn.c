/* kill_newborn - who kills a process as soon as it has a number ends it for its
 * parent too: waitpid() returns its status.
 *
 * Scenario: cpus=3,4
 */
#include "family.h"

#define LIVES	200
#define AHEAD	4

/* Kill whatever comes next, with a number above ours.  Some numbers go to what
 * a test before us was still making when it was killed. */
static void killer(void)
{
	int next = getpid() + 1;

	if (vcore_request_total(1))
		exit(3);
	family_answer(1);
	for (int ahead = 0;; ahead = (ahead + 1) % AHEAD) {
		if (sys_kill(next + ahead, SIGKILL))
			continue;
		next += ahead + 1;
		ahead = -1;
	}
}

TEST(kill_newborn)
{
	const char args[] = "true";
	uint32_t killed = 0;
	int pid;

	family_listen();
	pid = test_start(killer);
	REQUIRE(family_told(1), "killer");
	for (int i = 0; i < LIVES; i++) {
		int newborn = sys_proc_create("bin/true", args, sizeof(args),
					      1);

		killed += newborn > 0 &&
			  test_wait(newborn) == W_STATUS(0, SIGKILL);
	}
	CHECK_EQ(killed, LIVES, "told-of-each");
	sys_kill(pid, SIGKILL);
	CHECK_EQ(test_wait(pid), W_STATUS(0, SIGKILL), "killer-ends");
}
