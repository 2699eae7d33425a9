/* yield_last - when its last vcore yields, a many-core process waits: it has no
 * cores, wants none, and others get them.
 *
 * Scenario: cpus=1,4
 */
#include "family.h"

static void all_yield(void)
{
	vcore_request_total(family_cores());
	family_answer(1);
	family_park();
}

TEST(yield_last)
{
	struct proc_info info = { 0 };
	int first, second;

	family_listen();
	first = test_start(all_yield);
	CHECK(family_told(1), "started");
	CHECK(family_reaches(first, PROC_WAITING), "waits");
	family_look(first, &info);
	CHECK_EQ(info.num_vcores, 0, "has-none");
	CHECK_EQ(info.cores_wanted, 0, "wants-none");
	write_once(family_heard, 0);
	/* The cores are free again: another can have all of them. */
	second = test_start(all_yield);
	CHECK(family_told(1), "another-started");
	CHECK(family_reaches(second, PROC_WAITING), "another-waits");
	sys_kill(first, SIGKILL);
	sys_kill(second, SIGKILL);
	CHECK_EQ(test_wait(first), W_STATUS(0, SIGKILL), "killed-asleep");
	CHECK_EQ(test_wait(second), W_STATUS(0, SIGKILL), "both");
}
