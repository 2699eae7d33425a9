/* signal_mask - a masked signal is kept, once, and handled as soon as it is let
 * in and notifications are enabled; a handler's own signal and those of sa_mask
 * wait for its end. */
#include "signal.h"
#include "test.h"
#include "unistd.h"

static uint32_t calls[NSIG];
static uint32_t depth, max_depth;

static void on_signal(int signo)
{
	calls[signo]++;
}

/* Sends itself what is to wait. */
static void on_nesting(int signo)
{
	depth++;
	max_depth = depth > max_depth ? depth : max_depth;
	if (calls[signo]++ == 0 && signo == SIGHUP) {
		raise(signo);
		raise(SIGUSR2);
	}
	depth--;
}

static void test_process(void)
{
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK_EQ(sigprocmask(SIG_BLOCK, &set, &old), 0, "block");
	CHECK_EQ(old, 0, "empty-before");
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR1);
	CHECK(WAIT((sigpending(&set), sigismember(&set, SIGUSR1))), "pending");
	CHECK_EQ(calls[SIGUSR1], 0, "put-off");
	sigprocmask(SIG_SETMASK, &old, NULL);
	CHECK_EQ(calls[SIGUSR1], 1, "handled-when-let-in");
	sigpending(&set);
	CHECK_EQ(set, 0, "nothing-pending");
}

static void test_masked_notifs(void)
{
	sigset_t set = 1U << SIGUSR1;
	sigset_t now;

	calls[SIGUSR1] = 0;
	sigprocmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGUSR1);
	CHECK(WAIT((sigpending(&now), sigismember(&now, SIGUSR1))),
	      "pending-again");
	disable_notifs();
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	enable_notifs();
	CHECK(WAIT(read_once(calls[SIGUSR1]) == 1),
	      "handled-when-notifications-are-enabled");
}

static void test_uthread(void)
{
	sigset_t set = 1U << SIGUSR1;
	sigset_t now;

	uthread_sigmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	CHECK_EQ(calls[SIGUSR1], 1, "put-off-by-the-uthread");
	sigpending(&now);
	CHECK_EQ(now, set, "pending-for-the-uthread");
	/* The process has no such mask. */
	kill(getpid(), SIGUSR1);
	CHECK(WAIT(read_once(calls[SIGUSR1]) == 2), "not-by-the-process");
	uthread_sigmask(SIG_UNBLOCK, &set, NULL);
	CHECK_EQ(calls[SIGUSR1], 3, "handled-when-the-uthread-lets-it-in");
}

static void test_nesting(void)
{
	struct sigaction action = {
		.sa_handler = on_nesting,
		.sa_mask = 1U << SIGUSR2,
	};

	sigaction(SIGHUP, &action, NULL);
	signal(SIGUSR2, on_nesting);
	raise(SIGHUP);
	CHECK_EQ(calls[SIGHUP], 2, "itself-again");
	CHECK_EQ(calls[SIGUSR2], 1, "masked-by-the-action");
	CHECK_EQ(max_depth, 1, "one-at-a-time");

	/* The same for the process. */
	calls[SIGHUP] = calls[SIGUSR2] = 0;
	kill(getpid(), SIGHUP);
	CHECK(WAIT(read_once(calls[SIGHUP]) == 2 &&
		   read_once(calls[SIGUSR2]) >= 1), "process-too");
	CHECK_EQ(max_depth, 1, "process-one-at-a-time");
}

TEST(signal_mask)
{
	signal(SIGUSR1, on_signal);
	test_process();
	test_uthread();
	test_nesting();
	test_masked_notifs();
}
