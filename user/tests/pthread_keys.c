/* pthread_keys - each thread has its own value for a key, null to begin with;
 * at its end, however it comes, destructors are called for what is left, again
 * for what they leave, but only so often; and a deleted key has none.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

#include <pthread.h>

static pthread_key_t again, once, deleted;
static uint32_t nr_again, nr_once, nr_deleted, wrong;

/* Leaves its value each time. */
static void destroy_again(void *value)
{
	nr_again++;
	wrong += value != &nr_again || pthread_getspecific(again);
	pthread_setspecific(again, value);
}

static void destroy_once(void *value)
{
	nr_once++;
	wrong += value != &nr_once;
}

static void destroy_deleted(void *value)
{
	nr_deleted++;
}

static void *end(void *arg)
{
	wrong += pthread_getspecific(again) || pthread_getspecific(once);
	pthread_setspecific(again, &nr_again);
	pthread_setspecific(once, &nr_once);
	pthread_setspecific(deleted, &nr_deleted);
	if (arg)
		pthread_exit(arg);
	return NULL;
}

static void run(void *arg, const char *fact)
{
	pthread_t thread;
	void *result = &thread;

	nr_again = nr_once = 0;
	REQUIRE(!pthread_create(&thread, NULL, end, arg), "create");
	pthread_join(thread, &result);
	CHECK(result == arg && nr_once == 1, fact);
	CHECK_EQ(nr_again, PTHREAD_DESTRUCTOR_ITERATIONS, "so-often");
}

TEST(pthread_keys)
{
	pthread_key_t key, last = 0;
	uint32_t n = 3;

	pthread_key_create(&again, destroy_again);
	pthread_key_create(&once, destroy_once);
	pthread_key_create(&deleted, destroy_deleted);
	CHECK_EQ(pthread_key_delete(deleted), 0, "delete");
	pthread_setspecific(once, &n);
	run(NULL, "returns");
	run(&key, "exits");
	CHECK(pthread_getspecific(once) == &n, "ours");
	CHECK_EQ(wrong, 0, "its-own");
	CHECK_EQ(nr_deleted, 0, "of-a-deleted-key");

	while (!pthread_key_create(&key, NULL) && n < 2 * PTHREAD_KEYS_MAX) {
		wrong += key == deleted;
		last = key;
		n++;
	}
	CHECK_EQ(n, PTHREAD_KEYS_MAX, "keys");
	CHECK_EQ(pthread_key_create(&key, NULL), EAGAIN, "no-more");
	CHECK_EQ(wrong, 0, "not-the-deleted");
	CHECK_EQ(pthread_setspecific(last + 1, &n), EINVAL, "no-such-key");
}
