/* pthread_stack - a thread has as much stack as it asked for, and 200 KB if it
 * did not ask; a stack that is too small for that is not used for it again. */
#include "test.h"

#include <pthread.h>

#define LARGE	(900 * 1024)
#define USUAL	(200 * 1024)

/* Touch that much stack.  Not inlined: the array is this function's. */
static __attribute__((noinline)) uint32_t touch(size_t size)
{
	volatile uint8_t here[size];
	uint32_t sum = 0;

	for (size_t i = 0; i < size; i += 1024)
		here[i] = 1;
	for (size_t i = 0; i < size; i += 1024)
		sum += here[i];
	return sum;
}

static void *use(void *arg)
{
	return (void *)(uintptr_t)touch((size_t)arg);
}

static void run(const pthread_attr_t *attr, size_t size, const char *fact)
{
	pthread_t thread;
	void *sum;

	REQUIRE(!pthread_create(&thread, attr, use, (void *)size), "create");
	pthread_join(thread, &sum);
	CHECK_EQ((uintptr_t)sum, size / 1024, fact);
}

TEST(pthread_stack)
{
	pthread_attr_t attr;
	size_t size;

	pthread_attr_init(&attr);
	run(&attr, USUAL, "usual");
	CHECK_EQ(pthread_attr_setstacksize(&attr, 1), EINVAL, "too-small");
	CHECK_EQ(pthread_attr_setstacksize(&attr, 1024 * 1024), 0, "large");
	pthread_attr_getstacksize(&attr, &size);
	CHECK_EQ(size, 1024 * 1024, "as-asked");
	run(&attr, LARGE, "large");
	run(NULL, USUAL, "usual-again");
	run(&attr, LARGE, "large-again");
}
