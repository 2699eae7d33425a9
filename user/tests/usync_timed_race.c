/* usync_timed_race - when what is waited for comes just as the time is over, it
 * is had or it is still there: every unit of a semaphore is taken once, and a
 * mutex is never left with an owner who went away.
 *
 * Scenario: cpus=1,4
 */
#include "clock.h"
#include "test.h"

#define TAKERS	3
#define UNITS	1500		/* a multiple of TAKERS */
#define UP_TO	100000		/* ns */

static struct usem sem;
static struct umutex mutex;
static uint32_t taken, late, inside, crowded;

static void *take(void *arg)
{
	unsigned int seed = (unsigned int)test_seed() +
			    (unsigned int)(uintptr_t)arg;
	uint32_t mine = 0;

	while (mine < UNITS / TAKERS) {
		uint64_t ns = (uint32_t)rand_r(&seed) % UP_TO;

		if (usem_down_until(&sem, clock_ns() + ns))
			atomic_fetch_add32(&late, 1);
		else
			mine++;
		if (umutex_lock_until(&mutex, clock_ns() + ns / 4))
			continue;
		crowded += inside++;
		uthread_yield();
		inside--;
		umutex_unlock(&mutex);
	}
	atomic_fetch_add32(&taken, mine);
	return NULL;
}

TEST(usync_timed_race)
{
	struct uthread *uth[TAKERS];

	uthread_set_max_vcores(3);
	for (uintptr_t i = 0; i < TAKERS; i++)
		uth[i] = uthread_create(take, (void *)i);
	for (int i = 0; i < UNITS; i++) {
		uint64_t until = clock_ns() + test_random(UP_TO);

		while (clock_ns() < until)
			uthread_yield();
		usem_up(&sem);
	}
	for (int i = 0; i < TAKERS; i++)
		uthread_join(uth[i], NULL);
	CHECK_EQ(taken, UNITS, "each-unit-once");
	CHECK(!usem_trydown(&sem), "none-left");
	CHECK_EQ(crowded, 0, "one-owner");
	CHECK(umutex_trylock(&mutex), "free-in-the-end");
	CHECK(late, "some-were-late");
}
