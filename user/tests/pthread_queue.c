/* pthread_queue - an ordinary pthread program runs: producers and consumers
 * share a bounded queue by mutex and condition variables, and nothing is lost
 * or seen twice.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

#include <pthread.h>

#define PRODUCERS	3
#define CONSUMERS	2
#define EACH		2000
#define ROOM		8

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static uint32_t queue[ROOM];
static uint32_t head, tail;
static uint8_t seen[PRODUCERS * EACH];

static void put(uint32_t item)
{
	pthread_mutex_lock(&mutex);
	while (tail - head == ROOM)
		pthread_cond_wait(&not_full, &mutex);
	queue[tail++ % ROOM] = item;
	pthread_cond_signal(&not_empty);
	pthread_mutex_unlock(&mutex);
}

static uint32_t take(void)
{
	uint32_t item;

	pthread_mutex_lock(&mutex);
	while (tail == head)
		pthread_cond_wait(&not_empty, &mutex);
	item = queue[head++ % ROOM];
	pthread_cond_signal(&not_full);
	pthread_mutex_unlock(&mutex);
	return item;
}

static void *produce(void *arg)
{
	uintptr_t first = (uintptr_t)arg * EACH;

	for (uint32_t i = 0; i < EACH; i++)
		put((uint32_t)first + i);
	return NULL;
}

static void *consume(void *arg)
{
	for (uint32_t i = 0; i < PRODUCERS * EACH / CONSUMERS; i++)
		__atomic_fetch_add(&seen[take()], 1, __ATOMIC_RELAXED);
	return arg;
}

TEST(pthread_queue)
{
	pthread_t producers[PRODUCERS], consumers[CONSUMERS];
	uint32_t once = 0;
	void *result;

	for (uintptr_t i = 0; i < PRODUCERS; i++)
		REQUIRE(!pthread_create(&producers[i], NULL, produce,
					(void *)i), "create");
	for (uintptr_t i = 0; i < CONSUMERS; i++)
		REQUIRE(!pthread_create(&consumers[i], NULL, consume,
					(void *)(i + 7)), "create");
	for (int i = 0; i < PRODUCERS; i++)
		pthread_join(producers[i], NULL);
	for (uintptr_t i = 0; i < CONSUMERS; i++) {
		pthread_join(consumers[i], &result);
		CHECK_EQ((uintptr_t)result, i + 7, "result");
	}
	for (uint32_t i = 0; i < PRODUCERS * EACH; i++)
		once += seen[i] == 1;
	CHECK_EQ(once, PRODUCERS * EACH, "each-once");
}
