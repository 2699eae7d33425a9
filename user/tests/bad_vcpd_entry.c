/* bad_vcpd_entry - a process whose vcore_entry lies in the kernel is
 * killed, and the machine goes on. */
#include "test.h"

static void jump_into_kernel(void)
{
	write_once(vcpd_of(0)->vcore_entry, 0xffffffff80100000UL);
	/* Into vcore context, there. */
	sys_self_notify(0, EV_NONE, NULL, true);
	(void)WAIT(false);
}

static void jump_off_the_end(void)
{
	write_once(vcpd_of(0)->vcore_entry, 0x8000000000000000UL);
	sys_self_notify(0, EV_NONE, NULL, true);
	(void)WAIT(false);
}

static void stack_in_kernel(void)
{
	write_once(vcpd_of(0)->vcore_stack, 0xffffffff80100000UL);
	sys_self_notify(0, EV_NONE, NULL, true);
	(void)WAIT(false);
}

static void tls_off_the_end(void)
{
	write_once(vcpd_of(0)->vcore_tls, 0x8000000000000000UL);
	sys_self_notify(0, EV_NONE, NULL, true);
	(void)WAIT(false);
}

static void returns(void)
{
}

TEST(bad_vcpd_entry)
{
	CHECK_EQ(test_run(jump_into_kernel), W_STATUS(0, SIGSEGV),
		 "entry-in-kernel");
	CHECK_EQ(W_SIGNAL(test_run(jump_off_the_end)) != 0, 1,
		 "entry-not-canonical");
	CHECK_EQ(W_SIGNAL(test_run(stack_in_kernel)) != 0, 1,
		 "stack-in-kernel");
	CHECK_EQ(W_SIGNAL(test_run(tls_off_the_end)) != 0, 1,
		 "tls-not-canonical");
	CHECK_EQ(test_run(returns), 0, "machine-lives");
}
