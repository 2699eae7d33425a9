/* pthread_rwlock - readers share a read-write lock, a writer has it alone, and
 * one who waits to write goes before readers that come later.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

#include <pthread.h>

#define THREADS	4
#define ROUNDS	300

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static uint32_t readers, shared, wrong;
static uint64_t pair[2];
static uint32_t wrote;

static void *read_and_write(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_rwlock_rdlock(&lock);
		if (atomic_fetch_add32(&readers, 1))
			write_once(shared, 1);
		sched_yield();
		if (pair[0] != pair[1])
			atomic_fetch_add32(&wrong, 1);
		atomic_fetch_add32(&readers, -1U);
		pthread_rwlock_unlock(&lock);
		pthread_rwlock_wrlock(&lock);
		wrong += !!read_once(readers);
		pair[0]++;
		sched_yield();
		pair[1]++;
		pthread_rwlock_unlock(&lock);
	}
	return NULL;
}

static void *write_once_free(void *arg)
{
	pthread_rwlock_wrlock(&lock);
	write_once(wrote, 1);
	pthread_rwlock_unlock(&lock);
	return NULL;
}

static void test_order(void)
{
	pthread_rwlock_t own;
	pthread_t writer;

	pthread_rwlock_init(&own, NULL);
	CHECK_EQ(pthread_rwlock_tryrdlock(&own), 0, "first-reader");
	CHECK_EQ(pthread_rwlock_tryrdlock(&own), 0, "second-reader");
	CHECK_EQ(pthread_rwlock_trywrlock(&own), EBUSY, "no-writer");
	pthread_rwlock_unlock(&own);
	CHECK_EQ(pthread_rwlock_destroy(&own), EBUSY, "one-reads");
	pthread_rwlock_unlock(&own);
	CHECK_EQ(pthread_rwlock_trywrlock(&own), 0, "writer");
	CHECK_EQ(pthread_rwlock_tryrdlock(&own), EBUSY, "no-reader");
	pthread_rwlock_unlock(&own);
	CHECK_EQ(pthread_rwlock_destroy(&own), 0, "free");

	pthread_rwlock_rdlock(&lock);
	REQUIRE(!pthread_create(&writer, NULL, write_once_free, NULL),
		"create");
	CHECK(WAIT((sched_yield(),
		    pthread_rwlock_tryrdlock(&lock) == EBUSY ||
		    pthread_rwlock_unlock(&lock))), "a-writer-waits");
	CHECK(!read_once(wrote), "not-yet");
	pthread_rwlock_unlock(&lock);
	pthread_join(writer, NULL);
	CHECK(wrote, "in-the-end");
}

TEST(pthread_rwlock)
{
	pthread_t thread[THREADS];

	for (int i = 0; i < THREADS; i++)
		REQUIRE(!pthread_create(&thread[i], NULL, read_and_write,
					NULL), "create");
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	CHECK_EQ(wrong, 0, "writers-alone");
	CHECK_EQ(pair[0], THREADS * ROUNDS, "all-wrote");
	CHECK(shared, "readers-together");
	test_order();
}
