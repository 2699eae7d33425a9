/* vcore_clean - a vcore that starts finds nothing in the registers of what
 * another process left there: in a single-core process, and in a many-core one.
 *
 * Scenario: cpus=1,2
 */
#include "family.h"

#define SECRET	0x5ec2e75ec2e7UL

/* What the library's way to the entry does not use. */
static void leave_secret(void)
{
	__asm__ volatile("movq %0, %%xmm14\n\tmovq %0, %%xmm15\n\t"
			 "wrgsbase %0" :: "r"(SECRET) : "xmm14", "xmm15");
}

static bool finds_something(void)
{
	uint64_t xmm14, xmm15, gs;

	__asm__ volatile("movq %%xmm14, %0\n\tmovq %%xmm15, %1\n\t"
			 "rdgsbase %2" : "=r"(xmm14), "=r"(xmm15), "=r"(gs));
	return xmm14 || xmm15 || gs;
}

/* The secret is there whenever somebody else comes. */
static void keep_secret(void)
{
	for (;;) {
		leave_secret();
		sys_yield(true);
	}
}

static void die_with_secret(void)
{
	vcore_request_total(1);
	leave_secret();
	sys_exit(0);
}

#define ENTRIES	20

static uint32_t entries, nr_dirty;

/* Vcore context that yields begins anew. */
static void begin_anew(void)
{
	nr_dirty += finds_something();
	if (entries++ < ENTRIES)
		sys_yield(true);
	exit(nr_dirty || entries != ENTRIES + 1 ? 3 : 0);
}

static void single_core(void)
{
	vcore_set_entry(begin_anew);
	sys_self_notify(0, EV_NONE, NULL, true);
	(void)WAIT(false);
	exit(4);
}

static void look_once(void)
{
	if (procinfo->is_mcp)
		exit(finds_something() ? 3 : 0);
	run_current_uthread();
}

/* On one machine the only core; on the other, the only one that many-core
 * processes get. */
static void many_core(void)
{
	vcore_set_entry(look_once);
	vcore_request_total(1);
	(void)WAIT(false);
	exit(4);
}

TEST(vcore_clean)
{
	uint32_t clean = 0;
	int pid = test_start(keep_secret);

	CHECK_EQ(test_run(single_core), 0, "single-core");
	sys_kill(pid, SIGKILL);
	test_wait(pid);
	for (int i = 0; i < 5; i++) {
		test_run(die_with_secret);
		clean += !test_run(many_core);
	}
	CHECK_EQ(clean, 5, "many-core");
}
