/* proc_turn_whole - whoever comes after one that was nice has core 0 for a
 * whole turn, and not for what is left of the other's.
 *
 * Scenario: cpus=1,4
 */
#include "clock.h"
#include "test.h"

#define TURN_NS		10000000UL	/* as in kernel/proc/sched.c */
#define MOST_NS		(TURN_NS * 9 / 10)
#define ROUNDS		5

static void spin(void)
{
	for (;;)
		cpu_relax_bounded();
}

/* Use most of a turn, and let others run: for how long did they? */
static uint64_t be_nice(void)
{
	uint64_t begin = clock_ns();

	while (clock_ns() - begin < MOST_NS)
		cpu_relax_bounded();
	begin = clock_ns();
	sys_yield(true);
	return clock_ns() - begin;
}

TEST(proc_turn_whole)
{
	int pid = test_start(spin);
	uint32_t whole = 0;

	/* From here on it is there, and our turns begin when we come back. */
	sys_yield(true);
	for (int i = 0; i < ROUNDS; i++)
		whole += be_nice() >= MOST_NS;
	CHECK_EQ(whole, ROUNDS, "whole-turns");
	sys_kill(pid, SIGKILL);
	test_wait(pid);
}
