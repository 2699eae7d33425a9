/* signal_alarm - alarm() sends SIGALRM after its seconds, a second alarm()
 * replaces it and says what was left; without a handler it ends the process. */
#include "clock.h"
#include "signal.h"
#include "test.h"

static uint32_t rung;

static void on_alarm(int signo)
{
	write_once(rung, rung + 1);
}

static void child(void)
{
	alarm(1);
	for (;;)
		cpu_relax_bounded();
}

TEST(signal_alarm)
{
	sigset_t mask = 0, none = 0;
	unsigned int left;
	uint64_t start;

	signal(SIGALRM, on_alarm);
	/* It may ring before we wait. */
	sigaddset(&mask, SIGALRM);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	CHECK_EQ(alarm(100), 0, "none-before");
	start = clock_ns();
	left = alarm(1);
	CHECK(left > 0 && left <= 100, "left");
	CHECK_EQ(sigsuspend(&none), -1, "suspended");
	CHECK_EQ(errno, EINTR, "by-a-handler");
	CHECK_EQ(rung, 1, "rang-once");
	CHECK(clock_ns() - start >= NSEC_PER_SEC, "not-early");
	alarm(100);
	CHECK(alarm(0) > 0, "cancelled");
	CHECK_EQ(W_SIGNAL(test_run(child)), SIGALRM, "default");
}
