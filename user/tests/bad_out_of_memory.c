/* bad_out_of_memory - a process that has no memory left, for a page of a UCQ or
 * one of its own, is killed, loses no message silently, and the machine goes
 * on. */
#include "test.h"

#define CHUNK	(1024 * PAGE_SIZE)

/* Let the kernel touch page after page for us, until there is none left: it
 * says so, where our own touch would be the end. */
static bool eat(char *mem)
{
	for (size_t at = 0; at < CHUNK; at += PAGE_SIZE) {
		if (sys_notify((int)procinfo->pid, EV_TEST2,
			       (struct event_msg *)(mem + at)))
			return false;
	}
	return true;
}

static void eat_all(void)
{
	char *mem;

	do {
		mem = sys_mmap(NULL, CHUNK, PROT_READ | PROT_WRITE);
	} while (mem && eat(mem));
}

static void starve_ucq(void)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);

	test_send(ev_q, EV_TEST, 0);
	eat_all();
	/* Each fits, until one needs a page. */
	for (uint32_t i = 1; i < UCQ_SLOTS; i++)
		test_send(ev_q, EV_TEST, i);
	if (test_refused())
		exit(3);
	test_send(ev_q, EV_TEST, 0);
	exit(4);
}

/* A CEQ and a bitmap need none. */
static void starve_others(void)
{
	struct event_queue *bitmap = get_eventq(EV_MBOX_BITMAP);
	struct event_queue *ceq = get_eventq(EV_MBOX_CEQ);

	for (uint32_t i = 0; i < MAX_NR_EVENT; i++)
		test_send(ceq, i, 0);
	eat_all();
	for (uint32_t i = 0; i < 10000; i++)
		test_send(i % 2 ? bitmap : ceq, i % MAX_NR_EVENT, i);
	exit(test_refused() ? 3 : 5);
}

/* Its own touch is the end: of a page like any other, */
static void starve_touch(void)
{
	volatile char *mem = sys_mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE);

	eat_all();
	*mem = 1;
	exit(6);
}

/* and of one of a stack that has room for many more. */
static int starve_here(void)
{
	volatile char here[4 * PAGE_SIZE];

	here[0] = 6;
	return here[0];
}

static void starve_stack(void)
{
	eat_all();
	exit(starve_here());
}

TEST(bad_out_of_memory)
{
	CHECK_EQ(test_run(starve_ucq), W_STATUS(0, SIGKILL), "killed");
	CHECK_EQ(test_run(starve_others), W_STATUS(5, 0),
		 "ceq-and-bitmap-need-no-memory");
	CHECK_EQ(test_run(starve_touch), W_STATUS(0, SIGSEGV), "touch");
	CHECK_EQ(test_run(starve_stack), W_STATUS(0, SIGSEGV), "stack");
	CHECK_EQ(test_run(starve_ucq), W_STATUS(0, SIGKILL),
		 "memory-came-back");
	CHECK_EQ(test_refused(), 0, "not-our-loss");
}
