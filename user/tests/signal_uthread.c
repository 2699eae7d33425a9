/* signal_uthread - a signal to a uthread is handled by that uthread, whether it
 * runs on another vcore, waits in a pause, or is interrupted in mid-run; and it
 * goes on where it was, registers and all. */
#include "signal.h"
#include "test.h"

#define ROUNDS	200

static struct uthread *worker;
static uint32_t nr_handled;
static uint32_t nr_foreign;
static uint32_t nr_asleep;
static uint32_t stop;
static uint32_t paused;		/* 1: about to; 2: no more */

static void on_signal(int signo)
{
	double x = nr_handled;

	nr_foreign += uthread_self() != worker;
	/* Leave nothing of the registers, and sleep on it. */
	for (int i = 0; i < 10; i++)
		x = x * 1.5 + i;
	if (nr_handled % 50 == 0)
		sys_block((uint64_t)(x > 0) * 100);
	nr_asleep += nr_handled % 50 == 0;
	write_once(nr_handled, nr_handled + 1);
}

/* Adds the same up twice, in integer and floating-point registers. */
static void *work(void *arg)
{
	uint64_t sum = 0, wrong = 0;
	double fsum = 0;

	while (!read_once(stop)) {
		for (int i = 0; i < 100; i++) {
			sum += (uint64_t)i;
			fsum += i;
		}
		wrong += (double)sum != fsum;
		if (sum > 1UL << 40)
			fsum = sum = 0;
	}
	write_once(paused, 1);
	pause();
	write_once(paused, 2);
	return (void *)wrong;
}

TEST(signal_uthread)
{
	uint32_t sent = ROUNDS;
	void *wrong = (void *)1;

	signal(SIGUSR1, on_signal);
	uthread_set_max_vcores(2);
	test_vcores_upto(2);
	worker = uthread_create(work, NULL);
	REQUIRE(worker, "uthread");
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		uthread_kill(worker, SIGUSR1);
		if (!WAIT((uthread_yield(), read_once(nr_handled) == i)))
			break;
	}
	CHECK_EQ(read_once(nr_handled), ROUNDS, "handled");
	CHECK_EQ(nr_foreign, 0, "by-others");
	write_once(stop, 1);
	WAIT((uthread_yield(), read_once(paused)));
	/* A signal that comes just before a pause does not end it. */
	do {
		uthread_kill(worker, SIGUSR1);
		sent++;
	} while (!wait_until((sys_block(1000), read_once(paused) == 2), 100));
	uthread_join(worker, &wrong);
	CHECK(nr_handled > ROUNDS && nr_handled <= sent, "handled-in-a-pause");
	CHECK_EQ((uint64_t)wrong, 0, "registers-lost");
}
