/* signal_nesting - however fast signals come to a uthread, and whatever
 * interrupts it between two of them, each is handled where the first was: the
 * stack does not grow with their number. */
#include "signal.h"
#include "test.h"
#include "tls.h"

#define ROUNDS	5000
#define ROOM	(8 * 1024)	/* for one upon another, not for three more */

static uint32_t nr_handled;
static uint64_t highest, lowest = -1UL;
static uint32_t started, ended;

/* The next one is pending before this one ends. */
static void on_signal(int signo)
{
	uint64_t here = (uint64_t)&signo;

	highest = here > highest ? here : highest;
	lowest = here < lowest ? here : lowest;
	write_once(nr_handled, nr_handled + 1);
	if (nr_handled < ROUNDS)
		raise(SIGUSR1);
}

static void *work(void *arg)
{
	write_once(started, 1);
	raise(SIGUSR1);
	write_once(ended, 1);
	return NULL;
}

/* Does it end, or handle one more?  Meanwhile notify its vcore as often as
 * leaves it a few instructions. */
static bool gets_on(struct uthread *worker)
{
	uint32_t so_far = read_once(nr_handled);

	return WAIT((uthread_yield(),
		     sys_self_notify(read_once(worker->tcb->vcoreid), EV_NONE,
				     NULL, false),
		     read_once(ended) || read_once(nr_handled) != so_far));
}

TEST(signal_nesting)
{
	struct uthread *worker;

	signal(SIGUSR1, on_signal);
	uthread_set_max_vcores(2);
	test_vcores_upto(2);
	worker = uthread_create(work, NULL);
	REQUIRE(worker, "uthread");
	WAIT((uthread_yield(), read_once(started)));
	/* Patience for each: thousands may take a busy host long. */
	while (!read_once(ended) && gets_on(worker))
		;
	CHECK(read_once(ended), "ended");
	uthread_join(worker, NULL);
	CHECK_EQ(nr_handled, ROUNDS, "handled");
	CHECK(highest - lowest < ROOM, "stack-grew");
}
