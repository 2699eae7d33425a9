/* preempt_untold - when all vcores lose their cores one by one, with nobody
 * left to be told, and fewer come back, every uthread goes on.
 *
 * Scenario: cpus=3,4
 */
#include "family.h"

#define ROUNDS	50

static uint64_t progress[2];

static void *count(void *arg)
{
	uint64_t *mine = arg;

	for (;;) {
		write_once(*mine, *mine + 1);
		if (*mine % 1000 == 0)
			uthread_yield();
	}
	return NULL;
}

/* wait_until() that lets other uthreads run. */
#define await(cond)	WAIT((cond) || (uthread_yield(), false))

static bool both_move(void)
{
	uint64_t since[2] = { read_once(progress[0]), read_once(progress[1]) };

	return await(read_once(progress[0]) != since[0]) &&
	       await(read_once(progress[1]) != since[1]);
}

static uint32_t taken(void)
{
	return read_once(procinfo->vcoremap[0].preempts_done) +
	       read_once(procinfo->vcoremap[1].preempts_done);
}

/* Two vcores, of which one is enough. */
static void child(void)
{
	uthread_create(count, &progress[0]);
	uthread_create(count, &progress[1]);
	for (uint64_t i = 1; i <= ROUNDS; i++) {
		uint32_t before = taken();

		vcore_request_total(2);
		if (!await(num_vcores() == 2))
			exit(3);
		uthread_set_max_vcores(1);
		vcore_request_total(1);
		family_answer(i);
		if (!await(taken() != before) || !both_move())
			exit(4);
	}
	family_answer(ROUNDS + 1);
	family_park();
}

TEST(preempt_untold)
{
	int pid;

	family_listen();
	pid = test_start(child);
	for (uint64_t i = 1; i <= ROUNDS && family_told(i); i++) {
		sys_preempt(pid, i % 2, 0);
		sys_preempt(pid, !(i % 2), 0);
	}
	CHECK(family_told(ROUNDS + 1), "everybody-went-on");
	sys_kill(pid, SIGKILL);
	CHECK_EQ(test_wait(pid), W_STATUS(0, SIGKILL), "child");
}
