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
	sigset_t none = 0;
	uint64_t start;

	signal(SIGALRM, on_alarm);
	CHECK_EQ(alarm(100), 0, "none-before");
	CHECK_EQ(alarm(1), 100, "left");
	start = clock_ns();
	CHECK_EQ(sigsuspend(&none), -1, "suspended");
	CHECK_EQ(errno, EINTR, "by-a-handler");
	CHECK_EQ(rung, 1, "rang-once");
	CHECK(clock_ns() - start > NSEC_PER_SEC / 2, "not-early");
	alarm(1);
	CHECK_EQ(alarm(0), 1, "cancelled");
	CHECK_EQ(W_SIGNAL(test_run(child)), SIGALRM, "default");
}
