/* usync_timed - a wait for a mutex, a semaphore or a condition variable ends at
 * its deadline, not before; and with what was waited for if that came in time.
 *
 * Scenario: cpus=1,4
 */
#include "clock.h"
#include "test.h"

#define SHORT	(5 * NSEC_PER_MSEC)
#define LONG	(60 * NSEC_PER_SEC)

static struct umutex mutex;
static struct usem sem, done;
static struct ucond cond;
static uint32_t early;

static uint64_t in(uint64_t ns)
{
	return clock_ns() + ns;
}

/* All three, while nobody gives. */
static void *wait_in_vain(void *arg)
{
	struct umutex own = { .owner = NULL };
	uint64_t deadline = in(SHORT);

	CHECK_EQ(umutex_lock_until(&mutex, deadline), -ETIMEDOUT, "mutex-late");
	early += clock_ns() < deadline;
	deadline = in(SHORT);
	CHECK_EQ(usem_down_until(&sem, deadline), -ETIMEDOUT, "sem-late");
	early += clock_ns() < deadline;
	deadline = in(SHORT);
	umutex_lock(&own);
	CHECK_EQ(ucond_wait_until(&cond, &own, deadline), -ETIMEDOUT,
		 "cond-late");
	early += clock_ns() < deadline;
	CHECK(!umutex_trylock(&own), "locked-again");
	usem_up(&done);
	return NULL;
}

/* And while main gives, in time; it has the mutex first. */
static void *wait_in_time(void *arg)
{
	usem_up(&done);
	CHECK_EQ(umutex_lock_until(&mutex, in(LONG)), 0, "mutex-in-time");
	CHECK_EQ(usem_down_until(&sem, in(LONG)), 0, "sem-in-time");
	usem_up(&done);
	CHECK_EQ(ucond_wait_until(&cond, &mutex, in(LONG)), 0, "cond-in-time");
	umutex_unlock(&mutex);
	return NULL;
}

TEST(usync_timed)
{
	struct uthread *uth;

	uthread_set_max_vcores(2);
	umutex_lock(&mutex);
	uth = uthread_create(wait_in_vain, NULL);
	usem_down(&done);
	uthread_join(uth, NULL);
	CHECK_EQ(early, 0, "before-its-time");

	uth = uthread_create(wait_in_time, NULL);
	usem_down(&done);
	uthread_yield();
	umutex_unlock(&mutex);
	usem_up(&sem);
	usem_down(&done);
	/* It has the mutex until it waits. */
	umutex_lock(&mutex);
	ucond_signal(&cond);
	umutex_unlock(&mutex);
	uthread_join(uth, NULL);

	CHECK_EQ(umutex_lock_until(&mutex, 1), 0, "free-mutex-when-late");
	usem_up(&sem);
	CHECK_EQ(usem_down_until(&sem, 1), 0, "free-sem-when-late");
	CHECK_EQ(usem_down_until(&sem, 1), -ETIMEDOUT, "no-sem-when-late");
}
