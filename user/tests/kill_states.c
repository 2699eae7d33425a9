/* kill_states - SIGKILL ends a process in every state: created, runnable,
 * asleep, blocked in calls, many-core with all cores spinning, masked, waiting
 * for cores, warned, without the cores that it had.
 *
 * Scenario: cpus=1,4
 */
#include "family.h"

static void *spin(void *arg)
{
	for (;;)
		cpu_relax();
	return NULL;
}

static void single_core(void)
{
	family_answer(1);
	spin(NULL);
}

static void masked(void)
{
	disable_notifs();
	family_answer(1);
	spin(NULL);
}

static void asleep(void)
{
	family_answer(1);
	family_park();
}

static void *block(void *arg)
{
	sys_block(1000 * 1000000UL);
	return NULL;
}

static void blocked(void)
{
	for (int i = 0; i < 20; i++)
		uthread_create(block, NULL);
	uthread_yield();
	family_answer(1);
	family_park();
}

static void many_core(void)
{
	uint32_t n = family_cores();

	vcore_request_total(n);
	for (uint32_t i = 1; i < n; i++)
		uthread_create(spin, NULL);
	if (!WAIT(num_vcores() == n))
		exit(9);
	family_answer(1);
	spin(NULL);
}

/* More than there are: the request waits, and the process runs. */
static void too_many(void)
{
	vcore_request_total(max_vcores());
	family_answer(1);
	spin(NULL);
}

/* @usec: take its cores then, 0 at once; -1: leave them. */
static void kill_one_taken(void (*fn)(void), int64_t usec, const char *fact)
{
	int pid;

	write_once(family_heard, 0);
	pid = test_start(fn);
	if (!family_told(1))
		family_show(pid);
	REQUIRE(read_once(family_heard), fact);
	if (usec >= 0)
		sys_preempt(pid, -1U, (uint64_t)usec);
	CHECK_EQ(sys_kill(pid, SIGKILL), 0, fact);
	CHECK_EQ(test_wait(pid), W_STATUS(0, SIGKILL), fact);
}

static void kill_one(void (*fn)(void), const char *fact)
{
	kill_one_taken(fn, -1, fact);
}

TEST(kill_states)
{
	const char args[] = "true";
	int pid = sys_proc_create("bin/true", args, sizeof(args), 1);

	family_listen();
	CHECK_EQ(sys_kill(pid, SIGKILL), 0, "created");
	CHECK_EQ(test_wait(pid), W_STATUS(0, SIGKILL), "created");
	kill_one(single_core, "single-core");
	kill_one(masked, "masked");
	kill_one(asleep, "asleep");
	kill_one(blocked, "blocked-in-calls");
	kill_one(many_core, "many-core");
	kill_one(too_many, "waiting-for-cores");
	kill_one_taken(many_core, 0, "taken");
	kill_one_taken(many_core, 1000000, "warned");
	kill_one_taken(too_many, 0, "waiting-and-taken");
	/* And all cores are free again. */
	kill_one(many_core, "many-core-again");
	CHECK(sys_kill(pid, SIGKILL) == -1 && errno == ESRCH, "gone");
}
