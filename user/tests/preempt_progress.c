/* preempt_progress - vcores are taken at random, one and all, and every
 * uthread goes on.
 *
 * Scenario: cpus=2,4
 */
#include "test.h"

#define UTHREADS	6
#define TAKES		200

static uint64_t progress[UTHREADS];
static uint32_t over;

static void *count(void *arg)
{
	uint64_t *mine = arg;

	while (!read_once(over)) {
		write_once(*mine, *mine + 1);
		if (*mine % 1000 == 0)
			uthread_yield();
	}
	return NULL;
}

/* Has every counter moved since @since? */
static bool all_moved(const uint64_t *since)
{
	for (int i = 0; i < UTHREADS; i++)
		if (read_once(progress[i]) == since[i])
			return false;
	return true;
}

/* Take one vcore, or all, and see everybody go on afterwards. */
static bool take_and_see(uint32_t vcores)
{
	uint32_t vcoreid = test_random(vcores + 1);
	uint64_t deadline = test_deadline(TEST_PATIENCE);
	uint64_t since[UTHREADS];

	memcpy(since, progress, sizeof(since));
	sys_preempt(procinfo->pid, vcoreid < vcores ? vcoreid : -1U, 0);
	while (!all_moved(since) && !test_passed(deadline))
		uthread_yield();
	return all_moved(since);
}

TEST(preempt_progress)
{
	struct uthread *uth[UTHREADS];
	uint32_t vcores = procinfo->nr_cores > 4 ? 4 : procinfo->nr_cores;
	uint32_t taken = 0;

	for (int i = 0; i < UTHREADS; i++)
		uth[i] = uthread_create(count, &progress[i]);
	vcore_request_total(vcores);
	while (taken < TAKES && take_and_see(vcores))
		taken++;
	CHECK_EQ(taken, TAKES, "everybody-went-on");
	write_once(over, 1);
	for (int i = 0; i < UTHREADS; i++)
		uthread_join(uth[i], NULL);
}
