/* proc_poorest - a many-core process without any core gets one, though another
 * that was promised more has not all that it wants; and it gets what it was
 * promised, though all of it is another's by the same right.
 *
 * Scenario: cpus=3
 */
#include "family.h"

#define ALL	2	/* of three: core 0 is for single-core processes */

static void spin(void)
{
	for (;;)
		cpu_relax();
}

/* Want @wanted cores, of which @have are there, or will be. */
static void take(uint32_t wanted, uint32_t have, uint64_t answer)
{
	uthread_keep_vcores(true);
	vcore_request_total(wanted);
	if (!WAIT(num_vcores() >= have))
		exit(4);
	family_answer(answer);
	spin();
}

static void one(void)
{
	take(1, 1, 1);
}

static void promised(void)
{
	sys_provision(getpid(), 1);
	take(2, 1, 2);
}

static void last(void)
{
	take(1, 1, 3);
}

static void all(void)
{
	sys_provision(getpid(), ALL);
	take(ALL, ALL, 4);
}

static void also_promised_all(void)
{
	sys_provision(getpid(), ALL);
	take(1, 1, 5);
}

/* Start @n children, each when the one before has its core, and end them. */
static void generation(void (*const *fns)(void), uint32_t n, uint64_t answer)
{
	int pids[3];
	uint32_t started = 0;

	while (started < n) {
		pids[started] = test_start(fns[started]);
		if (!family_told(answer + started++))
			break;
	}
	CHECK_EQ(started, n, "each-gets-a-core");
	CHECK_EQ(read_once(family_heard), answer + n - 1, "the-last-too");
	while (started--) {
		sys_kill(pids[started], SIGKILL);
		CHECK_EQ(test_wait(pids[started]), W_STATUS(0, SIGKILL),
			 "ends");
	}
}

TEST(proc_poorest)
{
	static void (*const tie[])(void) = { one, promised, last };
	static void (*const rights[])(void) = { all, also_promised_all };

	family_listen();
	generation(tie, 3, 1);
	generation(rights, 2, 4);
}
