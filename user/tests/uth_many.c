/* uth_many - a thousand uthreads on as many vcores as there are: they take
 * turns at a mutex, yield, create, join and detach, and every one ends.
 *
 * Scenario: cpus=1,5,17
 */
#include "test.h"

#define UTHREADS	1000
#define ROUNDS		5

static struct umutex mutex;
static uint64_t counter;		/* mutex */
static uint32_t detached;		/* atomic */
static uint32_t ran_on[MAX_VCORES];
static uint32_t wanted;			/* of these, at least */
static struct test_patience patience;	/* mutex */

static void *end_detached(void *arg)
{
	atomic_fetch_add32(&detached, 1);
	return NULL;
}

static uint32_t vcores_so_far(void)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < max_vcores(); i++)
		sum += read_once(ran_on[i]);
	return sum;
}

/* Take one turn, which counts or not.  False: patience is lost. */
static bool take_turn(bool counts)
{
	bool lost;

	umutex_lock(&mutex);
	counter += counts;
	lost = test_lost_patience(&patience);
	umutex_unlock(&mutex);
	write_once(ran_on[vcore_id()], 1);
	uthread_yield();
	return !lost;
}

static void *work(void *arg)
{
	struct uthread *child;

	for (int i = 0; i < ROUNDS; i++)
		take_turn(true);
	/* The other vcores may be late. */
	while (vcores_so_far() < wanted && take_turn(false))
		;
	child = uthread_create(end_detached, NULL);
	if (child)
		uthread_detach(child);
	return child ? arg : NULL;
}

TEST(uth_many)
{
	static struct uthread *uth[UTHREADS];
	uint32_t most = procinfo->nr_cores > 2 ? procinfo->nr_cores - 1 : 1;
	uint32_t right = 0;

	wanted = most > 1 ? 2 : 1;
	uthread_set_max_vcores(most);
	umutex_lock(&mutex);
	for (uintptr_t i = 0; i < UTHREADS; i++) {
		uth[i] = uthread_create(work, (void *)(i + 1));
		REQUIRE(uth[i], "create");
	}
	patience = test_patience(TEST_PATIENCE);
	umutex_unlock(&mutex);
	for (uintptr_t i = 0; i < UTHREADS; i++) {
		void *result;

		uthread_join(uth[i], &result);
		right += result == (void *)(i + 1);
	}
	CHECK_EQ(right, UTHREADS, "each-result");
	CHECK_EQ(counter, UTHREADS * ROUNDS, "one-at-a-time");
	CHECK(WAIT((uthread_yield(), read_once(detached) == UTHREADS)),
	      "the-detached-end");
	CHECK(vcores_so_far() >= wanted, "on-several-vcores");
}
