/* usync_barrier - nobody passes a barrier before all have come, and a
 * semaphore lets in as many as it counts.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

#define UTHREADS	5
#define ROUNDS		300
#define PLACES		2

static struct ubarrier barrier;
static struct usem places;
static uint32_t round_of[UTHREADS];
static uint32_t early, inside, crowded, serial;

/* Is anybody still in a round before @round? */
static bool somebody_behind(uint32_t round)
{
	for (int i = 0; i < UTHREADS; i++)
		if (read_once(round_of[i]) < round)
			return true;
	return false;
}

static void *go_round(void *arg)
{
	uint32_t *mine = arg;

	for (uint32_t round = 1; round <= ROUNDS; round++) {
		usem_down(&places);
		if (atomic_fetch_add32(&inside, 1) >= PLACES)
			atomic_fetch_add32(&crowded, 1);
		uthread_yield();
		atomic_fetch_add32(&inside, -1U);
		usem_up(&places);
		write_once(*mine, round);
		if (ubarrier_wait(&barrier))
			atomic_fetch_add32(&serial, 1);
		if (somebody_behind(round))
			atomic_fetch_add32(&early, 1);
	}
	return NULL;
}

TEST(usync_barrier)
{
	struct uthread *uth[UTHREADS];

	ubarrier_init(&barrier, UTHREADS);
	usem_init(&places, PLACES);
	if (procinfo->nr_cores > 2)
		uthread_set_max_vcores(procinfo->nr_cores - 1);
	for (int i = 0; i < UTHREADS; i++)
		uth[i] = uthread_create(go_round, &round_of[i]);
	for (int i = 0; i < UTHREADS; i++)
		uthread_join(uth[i], NULL);
	CHECK_EQ(early, 0, "passed-too-early");
	CHECK_EQ(crowded, 0, "too-many-inside");
	CHECK_EQ(serial, ROUNDS, "one-of-them-each-round");
}
