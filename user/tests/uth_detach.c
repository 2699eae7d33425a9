/* uth_detach - the memory of a detached uthread is another's when it has ended,
 * whether it was detached before or after that, and not before, though it is
 * detached twice.
 */
#include "test.h"

static uint32_t ended, may_end;

static void *end(void *arg)
{
	write_once(ended, ended + 1);
	return NULL;
}

static void *go_on(void *arg)
{
	while (!read_once(may_end))
		uthread_yield();
	return NULL;
}

/* On one vcore: when we run again it has come to its end. */
static void let_end(uint32_t n)
{
	CHECK(WAIT((uthread_yield(), read_once(ended) == n)), "ends");
	uthread_yield();
}

TEST(uth_detach)
{
	struct uthread *first, *second, *third;

	uthread_set_max_vcores(1);
	first = uthread_create(end, NULL);
	uthread_detach(first);
	let_end(1);
	second = uthread_create(end, NULL);
	CHECK(second == first, "detached-before");
	let_end(2);
	uthread_detach(second);
	third = uthread_create(end, NULL);
	CHECK(third == second, "detached-after");
	CHECK_EQ(uthread_join(third, NULL), 0, "joined");
	CHECK(uthread_create(end, NULL) == third, "joined-too");
	let_end(4);
	first = uthread_create(go_on, NULL);
	CHECK_EQ(uthread_detach(first), 0, "detached");
	CHECK_EQ(uthread_detach(first), -EINVAL, "detached-twice");
	second = uthread_create(end, NULL);
	CHECK(second != first, "it-runs");
	write_once(may_end, 1);
	uthread_join(second, NULL);
}
