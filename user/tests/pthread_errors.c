/* pthread_errors - misuse of a pthread is told: locking an error-checking mutex
 * twice, unlocking another's or waiting with it, joining oneself, a time that
 * is none; and a recursive mutex is free only after as many unlocks as
 * locks. */
#include "test.h"

#include <pthread.h>
#include <semaphore.h>

static const struct timespec past = { .tv_sec = -1 };
static pthread_mutex_t checked, recursive;
static pthread_t test;

static void init(pthread_mutex_t *m, int type)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	CHECK_EQ(pthread_mutexattr_settype(&attr, type), 0, "type");
	pthread_mutex_init(m, &attr);
	pthread_mutexattr_destroy(&attr);
}

static void *other(void *arg)
{
	pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

	CHECK_EQ(pthread_mutex_unlock(&checked), EPERM, "not-the-owner");
	CHECK_EQ(pthread_cond_wait(&cond, &checked), EPERM, "not-his-to-wait");
	CHECK_EQ(pthread_cond_timedwait(&cond, &checked, &past), EPERM,
		 "not-his-to-wait-a-while");
	CHECK_EQ(pthread_mutex_trylock(&checked), EBUSY, "another-has-it");
	CHECK_EQ(pthread_mutex_timedlock(&checked, &past), ETIMEDOUT,
		 "another-has-it-still");
	CHECK_EQ(pthread_mutex_trylock(&recursive), arg ? EBUSY : 0,
		 "free-when-unlocked-as-often");
	CHECK(!pthread_equal(pthread_self(), test), "another-thread");
	return NULL;
}

static void run_other(void *arg)
{
	pthread_t thread;

	REQUIRE(!pthread_create(&thread, NULL, other, arg), "create");
	CHECK_EQ(pthread_join(thread, NULL), 0, "join");
}

TEST(pthread_errors)
{
	struct timespec never = { .tv_nsec = 1000000000 };
	pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
	pthread_key_t key;
	sem_t sem;

	test = pthread_self();
	init(&checked, PTHREAD_MUTEX_ERRORCHECK);
	init(&recursive, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_lock(&checked);
	CHECK_EQ(pthread_mutex_lock(&checked), EDEADLK, "twice");
	pthread_mutex_lock(&recursive);
	CHECK_EQ(pthread_mutex_lock(&recursive), 0, "recursively");
	pthread_mutex_unlock(&recursive);
	run_other(&recursive);
	pthread_mutex_unlock(&recursive);
	CHECK_EQ(pthread_mutex_unlock(&recursive), EPERM, "once-too-often");
	run_other(NULL);
	CHECK_EQ(pthread_join(pthread_self(), NULL), EDEADLK, "join-oneself");

	CHECK_EQ(pthread_cond_timedwait(&cond, &checked, &never), EINVAL,
		 "no-time");
	CHECK_EQ(pthread_cond_timedwait(&cond, &checked, &past), ETIMEDOUT,
		 "long-past");
	CHECK_EQ(pthread_mutex_destroy(&checked), EBUSY, "still-locked");
	CHECK_EQ(pthread_mutex_unlock(&checked), 0, "locked-after-the-wait");
	CHECK_EQ(nanosleep(&never, NULL), -1, "no-time-to-sleep");
	sem_init(&sem, 0, 1);
	CHECK_EQ(sem_timedwait(&sem, &past), 0, "free-semaphore");
	CHECK(sem_timedwait(&sem, &past) == -1 && errno == ETIMEDOUT,
	      "semaphore-too-late");
	CHECK(sem_trywait(&sem) == -1 && errno == EAGAIN, "semaphore-taken");
	CHECK_EQ(sem_init(&sem, 1, 1), -1, "semaphore-not-shared");
	CHECK_EQ(pthread_key_create(&key, NULL), 0, "key");
	CHECK_EQ(pthread_key_delete(key), 0, "key-deleted");
	CHECK_EQ(pthread_key_delete(PTHREAD_KEYS_MAX), EINVAL, "no-key");
}
