/* proc_wants_more - a request for more cores than there are is served when
 * cores come free: in part at once, and in full when others have ended.
 */
#include "family.h"

#define ALL	3	/* of four: core 0 is for single-core processes */

/* Has a right to all but one. */
static void hog(void)
{
	sys_provision(getpid(), ALL - 1);
	if (!test_vcores(ALL - 1))
		exit(3);
	family_answer(1);
	for (;;)
		cpu_relax();
}

/* Wants all, more than there are; says what it got. */
static void guest(void)
{
	uthread_keep_vcores(true);
	vcore_request_total(max_vcores());
	if (!WAIT(num_vcores() == 1))
		exit(4);
	family_answer(2);
	if (!WAIT(num_vcores() == ALL))
		exit(5);
	family_answer(3);
	family_park();
}

TEST(proc_wants_more)
{
	int first, second;

	family_listen();
	first = test_start(hog);
	REQUIRE(family_told(1), "first-has-its-cores");
	second = test_start(guest);
	CHECK(family_told(2), "second-has-what-is-left");
	sys_kill(first, SIGKILL);
	CHECK_EQ(test_wait(first), W_STATUS(0, SIGKILL), "first-ends");
	CHECK(family_told(3), "second-has-all");
	sys_kill(second, SIGKILL);
	CHECK_EQ(test_wait(second), W_STATUS(0, SIGKILL), "second-ends");
}
