/* boot_one_core - a machine with one core comes up and runs a program, which
 * can make system calls and have a child.
 *
 * Scenario: cpus=1
 */
#include "test.h"

static void child(void)
{
}

TEST(boot_one_core)
{
	CHECK_EQ(procinfo->nr_cores, 1, "one-core");
	CHECK_EQ(sys_null(), 0, "system-call");
	CHECK_EQ(test_run(child), 0, "child");
}
