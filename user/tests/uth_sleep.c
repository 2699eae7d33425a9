/* uth_sleep - a hundred uthreads sleep at once, each as long as it asked for or
 * longer, and without a vcore.
 *
 * Scenario: cpus=1,4
 */
#include "clock.h"
#include "test.h"

#define SLEEPERS	100
#define STEP		(200 * NSEC_PER_USEC)

static uint32_t early, awake, asleep;

static void *sleep_some(void *arg)
{
	uint64_t ns = (uintptr_t)arg * STEP;
	uint64_t until = clock_ns() + ns;

	atomic_fetch_add32(&asleep, 1);
	uthread_sleep_ns(ns);
	if (clock_ns() < until)
		atomic_fetch_add32(&early, 1);
	atomic_fetch_add32(&awake, 1);
	return NULL;
}

TEST(uth_sleep)
{
	struct uthread *uth[SLEEPERS];
	uint64_t until;

	uthread_set_max_vcores(2);
	for (uintptr_t i = 0; i < SLEEPERS; i++)
		uth[i] = uthread_create(sleep_some, (void *)(SLEEPERS - i));
	until = clock_ns() + SLEEPERS / 2 * STEP;
	uthread_sleep_until(until);
	CHECK(clock_ns() >= until, "until-a-time");
	for (int i = 0; i < SLEEPERS; i++)
		uthread_join(uth[i], NULL);
	CHECK_EQ(early, 0, "before-its-time");
	CHECK_EQ(awake, SLEEPERS, "all-awake");
}
