/* preempt_deadline - a vcore that was warned loses its core at the deadline,
 * whatever it does: nothing, changing to another vcore and back, being nice
 * with a message pending.
 *
 * Scenario: cpus=2
 */
#include "family.h"

#define WARN_US	3000

static uint32_t said;
static uint64_t first_word;	/* this child's, whose next is its second */

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
		family_answer(first_word);
	if (taken())
		family_answer(first_word + 1);
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

/* The words of child @k.  No two children have the same, for one that was
 * killed may be heard late. */
static uint64_t first_word_of(uint64_t k)
{
	return 2 * k + 1;
}

/* Two vcores on one core, in vcore context for ever. */
static void evade(void (*entry)(void), uint64_t k)
{
	first_word = first_word_of(k);
	vcore_set_entry(entry);
	if (vcore_request_total(2))
		exit(3);
	family_park();
}

static void child_does_nothing(void)
{
	evade(do_nothing, 0);
}

static void child_changes(void)
{
	evade(change, 1);
}

static void child_is_nice(void)
{
	evade(be_nice, 2);
}

static void check_taken(void (*child)(void), uint64_t k, const char *fact)
{
	int pid = test_start(child);

	REQUIRE(family_told(first_word_of(k)), "child");
	sys_preempt(pid, -1U, WARN_US);
	CHECK(family_told(first_word_of(k) + 1), fact);
	sys_kill(pid, SIGKILL);
	test_wait(pid);
}

TEST(preempt_deadline)
{
	CHECK_EQ(syscall_call(SYS_preempt, procinfo->pid, -1U,
			      UINT64_MAX / 1000 + 1, 0, 0), -EINVAL,
		 "endless-warning");
	family_listen();
	check_taken(child_does_nothing, 0, "does-nothing");
	check_taken(child_changes, 1, "changes-to-and-fro");
	check_taken(child_is_nice, 2, "nice-with-a-message");
}
