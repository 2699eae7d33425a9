/* scp_gs - the GS base that a process has set is not there for the next process
 * on its core. */
#include "test.h"

#define SECRET	0x5ec2e7000UL

static uint64_t gs_base(void)
{
	uint64_t base;

	__asm__ volatile("rdgsbase %0" : "=r"(base));
	return base;
}

static void child(void)
{
	__asm__ volatile("wrgsbase %0" :: "r"(SECRET));
	exit(gs_base() == SECRET ? 5 : 6);
}

TEST(scp_gs)
{
	CHECK_EQ(gs_base(), 0, "nothing-before");
	CHECK_EQ(test_run(child), W_STATUS(5, 0), "child-has-it");
	CHECK_EQ(gs_base(), 0, "nothing-after");
}
