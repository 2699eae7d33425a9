/* uth_poke - what is poked runs after every poke, by one at a time, however
 * many poke it at once.
 *
 * Scenario: cpus=1,4
 */
#include "poke.h"
#include "test.h"

#define POKERS	3
#define POKES	5000

static uint32_t work, done, runs, inside, crowded;

static void do_all(void *arg)
{
	if (atomic_fetch_add32(&inside, 1))
		atomic_fetch_add32(&crowded, 1);
	write_once(done, read_once(work));
	runs++;
	atomic_fetch_add32(&inside, -1U);
}

static struct poke do_work = POKE_INIT(do_all);

static void *add_work(void *arg)
{
	for (int i = 0; i < POKES; i++) {
		atomic_fetch_add32(&work, 1);
		poke(&do_work, NULL);
		if (i % 64 == 0)
			uthread_yield();
	}
	return NULL;
}

TEST(uth_poke)
{
	struct uthread *uth[POKERS];

	uthread_set_max_vcores(POKERS);
	for (int i = 0; i < POKERS; i++)
		uth[i] = uthread_create(add_work, NULL);
	for (int i = 0; i < POKERS; i++)
		uthread_join(uth[i], NULL);
	CHECK_EQ(crowded, 0, "one-at-a-time");
	CHECK_EQ(done, POKERS * POKES, "after-every-poke");
	CHECK(runs && runs <= POKERS * POKES, "no-more-runs-than-pokes");
}
