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

/* What is left of an alarm whose time has come, and which cannot ring yet? */
static unsigned int left_when_due(void)
{
	uint64_t due = clock_ns() + NSEC_PER_SEC;
	unsigned int left;

	disable_notifs();
	alarm(1);
	/* What alarm() adds to its own look at the clock is far less. */
	while (clock_ns() < due + NSEC_PER_SEC / 10)
		cpu_relax_bounded();
	left = alarm(0);
	enable_notifs();
	return left;
}

/* Is @left what is left of 100 seconds that began no earlier than @since? */
static bool of_hundred(unsigned int left, uint64_t since)
{
	return left <= 100 && left + (clock_ns() - since) / NSEC_PER_SEC >= 100;
}

TEST(signal_alarm)
{
	sigset_t mask = 0, none = 0;
	unsigned int left;
	uint64_t since, start;

	signal(SIGALRM, on_alarm);
	/* It may ring before we wait. */
	sigaddset(&mask, SIGALRM);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	since = clock_ns();
	CHECK_EQ(alarm(100), 0, "none-before");
	start = clock_ns();
	left = alarm(1);
	CHECK(of_hundred(left, since), "left");
	CHECK_EQ(sigsuspend(&none), -1, "suspended");
	CHECK_EQ(errno, EINTR, "by-a-handler");
	CHECK_EQ(rung, 1, "rang-once");
	CHECK(clock_ns() - start >= NSEC_PER_SEC, "not-early");
	since = clock_ns();
	alarm(100);
	CHECK(of_hundred(alarm(0), since), "cancelled");
	CHECK_EQ(left_when_due(), 1, "cancelled-when-due");
	CHECK_EQ(rung, 1, "then-it-does-not-ring");
	CHECK_EQ(W_SIGNAL(test_run(child)), SIGALRM, "default");
}
