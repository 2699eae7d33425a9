/* preempt_deadline - a vcore that was warned loses its core at the deadline,
 * whatever it does: nothing, changing to another vcore and back, being nice
 * with a message pending.
 *
 * Scenario: cpus=2
 */
#include "family.h"

#define WARN_US	3000

static uint32_t said;

static uint32_t taken(void)
{
	uint32_t sum = 0;

	for (uint32_t v = 0; v < 2; v++)
		sum += read_once(procinfo->vcoremap[v].preempts_done);
	return sum;
}

/* Tell the test when we are at it, and when a core was taken. */
static void say(void)
{
	if (!atomic_swap32(&said, 1))
		family_answer(1);
	if (taken())
		family_answer(2);
}

static void do_nothing(void)
{
	say();
}

static void change(void)
{
	say();
	sys_change_vcore(!vcore_id(), true);
}

static void be_nice(void)
{
	say();
	write_once(vcpd_of(vcore_id())->notif_pending, 1);
	sys_yield(true);
}

/* Two vcores on one core, in vcore context for ever. */
static void evade(void (*entry)(void))
{
	vcore_set_entry(entry);
	if (vcore_request_total(2))
		exit(3);
	family_park();
}

static void child_does_nothing(void)
{
	evade(do_nothing);
}

static void child_changes(void)
{
	evade(change);
}

static void child_is_nice(void)
{
	evade(be_nice);
}

static void check_taken(void (*child)(void), const char *fact)
{
	int pid;

	write_once(family_heard, 0);
	pid = test_start(child);
	REQUIRE(family_told(1), "child");
	sys_preempt(pid, -1U, WARN_US);
	CHECK(family_told(2), fact);
	sys_kill(pid, SIGKILL);
	test_wait(pid);
}

TEST(preempt_deadline)
{
	family_listen();
	check_taken(child_does_nothing, "does-nothing");
	check_taken(child_changes, "changes-to-and-fro");
	check_taken(child_is_nice, "nice-with-a-message");
}
