/* usync_order - who waits for a mutex, a semaphore or a condition variable is
 * served in the order of coming, one at a time, and has it from then on: who
 * comes later does not get in between; a broadcast serves all.
 */
#include "test.h"

#define UTHREADS	5

static struct umutex mutex;
static struct usem sem;
static struct ucond cond;
static uint32_t nr_waiting, nr_served, in_order;

/* On one vcore: who has said that it waits does so before anybody runs. */
static uint32_t come(void)
{
	return nr_waiting++;
}

static void serve(uint32_t place)
{
	in_order += place == nr_served;
	nr_served++;
}

static void *wait_mutex(void *arg)
{
	uint32_t place = come();

	umutex_lock(&mutex);
	serve(place);
	umutex_unlock(&mutex);
	return NULL;
}

static void *wait_sem(void *arg)
{
	uint32_t place = come();

	usem_down(&sem);
	serve(place);
	return NULL;
}

static void *wait_cond(void *arg)
{
	uint32_t place;

	umutex_lock(&mutex);
	place = come();
	ucond_wait(&cond, &mutex);
	serve(place);
	umutex_unlock(&mutex);
	return NULL;
}

static void begin(void *(*fn)(void *arg), struct uthread **uth)
{
	nr_waiting = nr_served = in_order = 0;
	for (int i = 0; i < UTHREADS; i++)
		REQUIRE(uth[i] = uthread_create(fn, NULL), "create");
	while (nr_waiting < UTHREADS)
		uthread_yield();
}

static void end(struct uthread **uth, const char *fact)
{
	for (int i = 0; i < UTHREADS; i++)
		uthread_join(uth[i], NULL);
	CHECK_EQ(in_order, UTHREADS, fact);
}

/* After a call for one of those who wait: is it that one alone? */
static bool one_more(uint32_t before)
{
	for (int i = 0; i < 2 * UTHREADS; i++)
		uthread_yield();
	return nr_served == before + 1;
}

TEST(usync_order)
{
	struct uthread *uth[UTHREADS];
	uint32_t alone = 0;

	uthread_set_max_vcores(1);
	umutex_lock(&mutex);
	begin(wait_mutex, uth);
	umutex_unlock(&mutex);
	CHECK(!umutex_trylock(&mutex), "mutex-handed-over");
	end(uth, "mutex-in-order");

	begin(wait_sem, uth);
	for (int i = 0; i < UTHREADS; i++) {
		usem_up(&sem);
		CHECK(!usem_trydown(&sem), "unit-handed-over");
	}
	end(uth, "semaphore-in-order");

	begin(wait_cond, uth);
	for (uint32_t i = 0; i < UTHREADS; i++) {
		ucond_signal(&cond);
		alone += one_more(i);
	}
	end(uth, "signals-in-order");
	CHECK_EQ(alone, UTHREADS, "one-for-each-signal");

	begin(wait_cond, uth);
	ucond_broadcast(&cond);
	end(uth, "broadcast-in-order");
	ucond_signal(&cond);
	begin(wait_cond, uth);
	CHECK(!one_more(0) && !nr_served, "a-signal-to-nobody-is-not-kept");
	ucond_broadcast(&cond);
	end(uth, "in-the-end");
}
