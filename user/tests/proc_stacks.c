/* proc_stacks - the first stack grows as it is used; past its end, and past
 * the end of a vcore's stack, a process dies of SIGSEGV and harms nothing.
 */
#include "test.h"

#define PAGES	48	/* less than a first stack */

/* So deep that @pages of the stack are touched; what was written is there. */
static uint64_t deep(uint32_t pages)
{
	volatile uint64_t here[PAGE_SIZE / sizeof(uint64_t)];

	here[0] = pages;
	return pages ? deep(pages - 1) + here[0] : 0;
}

static void grow(void)
{
	exit(deep(PAGES) == PAGES * (PAGES + 1) / 2 ? 0 : 3);
}

static void overflow(void)
{
	deep(100000);
}

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	deep(100000);
}

/* In vcore context nobody can be told of the fault. */
static void overflow_vcore(void)
{
	register_ev_handler(EV_TEST, on_test, NULL);
	sys_self_notify(0, EV_TEST, NULL, true);
	WAIT(false);
}

static void overflow_many_core(void)
{
	vcore_request_total(2);
	overflow_vcore();
}

TEST(proc_stacks)
{
	CHECK_EQ(test_run(grow), 0, "grows");
	CHECK_EQ(W_SIGNAL(test_run(overflow)), SIGSEGV, "first-stack");
	CHECK_EQ(W_SIGNAL(test_run(overflow_vcore)), SIGSEGV, "vcore-stack");
	CHECK_EQ(W_SIGNAL(test_run(overflow_many_core)), SIGSEGV,
		 "vcore-stack-of-many");
}
