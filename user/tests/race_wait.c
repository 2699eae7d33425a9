/* race_wait - a child that was killed but is still on a core has not ended for
 * waitpid(): what it is doing there could hit whoever comes next.
 *
 * Scenario: race=1
 */
#include "family.h"
#include "race.h"

/* Held in the kernel, with its message posted, till the test passes a point
 * that nobody else comes by. */
static void child(void)
{
	if (vcore_request_total(1) ||
	    race_script("v0@NOTIFY_PENDING waits *@STEAL_BEGUN"))
		exit(3);
	family_answer(1);
	for (;;)
		cpu_relax();
}

TEST(race_wait)
{
	int32_t status = 0;
	int pid;

	family_listen();
	pid = test_start(child);
	/* No IPI comes from one that is held, but an alarm makes us look. */
	REQUIRE(WAIT(read_once(family_heard) || usleep(1000)), "child-is-held");
	sys_kill(pid, SIGKILL);
	CHECK_EQ(family_state(pid), PROC_DYING, "killed");
	CHECK_EQ(sys_waitpid(pid, &status, WNOHANG), 0, "still-there");
	race_pass(RACE_STEAL_BEGUN);
	CHECK_EQ(test_wait(pid), W_STATUS(0, SIGKILL), "ended");
	CHECK_EQ(race_end(), 1, "rule-kept");
}
