/* signal_handler - a handler is called for its signal, with what sigaction()
 * said: the information, the reset, and old actions come back. */
#include "signal.h"
#include "test.h"
#include "unistd.h"

static uint32_t calls[NSIG];
static uint32_t info_signo;
static void *info_ctx = &info_ctx;
static uint32_t in_vcore;

static void on_signal(int signo)
{
	atomic_fetch_add32(&calls[signo], 1);
	in_vcore = in_vcore_context();
	errno = EINVAL;
}

static void on_info(int signo, siginfo_t *info, void *ctx)
{
	info_signo = info->si_signo;
	info_ctx = ctx;
	atomic_fetch_add32(&calls[signo], 1);
}

/* Who calls for a handler goes on behind that call. */
static void test_own_context(void)
{
	sigset_t set = 1U << SIGUSR1;

	info_ctx = &info_ctx;
	raise(SIGUSR1);
	CHECK(!info_ctx, "no-context-for-raise");
	uthread_sigmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	info_ctx = &info_ctx;
	uthread_sigmask(SIG_UNBLOCK, &set, NULL);
	CHECK(!info_ctx, "nor-for-the-mask");
	CHECK_EQ(calls[SIGUSR1], 5, "called-with-both");
}

TEST(signal_handler)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction old;

	CHECK(signal(SIGUSR1, on_signal) == SIG_DFL, "default-before");
	kill(getpid(), SIGUSR1);
	CHECK(WAIT(read_once(calls[SIGUSR1]) == 1), "called");
	CHECK(in_vcore, "in-vcore-context");

	errno = ENOENT;
	raise(SIGUSR1);
	CHECK_EQ(calls[SIGUSR1], 2, "raised");
	CHECK_EQ(errno, ENOENT, "errno-kept");
	CHECK(!in_vcore, "in-the-uthread");

	action.sa_flags = SA_SIGINFO;
	action.sa_sigaction = on_info;
	CHECK_EQ(sigaction(SIGUSR1, &action, &old), 0, "sigaction");
	CHECK(old.sa_handler == on_signal, "old");
	kill(getpid(), SIGUSR1);
	CHECK(WAIT(read_once(calls[SIGUSR1]) == 3), "called-with-info");
	CHECK_EQ(info_signo, SIGUSR1, "si-signo");
	CHECK(!info_ctx, "no-context");
	test_own_context();

	action.sa_handler = on_signal;
	action.sa_flags = SA_RESETHAND;
	sigaction(SIGUSR2, &action, NULL);
	raise(SIGUSR2);
	sigaction(SIGUSR2, NULL, &old);
	CHECK_EQ(calls[SIGUSR2], 1, "once");
	CHECK(old.sa_handler == SIG_DFL, "reset");

	CHECK(signal(SIGKILL, on_signal) == SIG_ERR, "not-kill");
	CHECK(signal(NSIG, on_signal) == SIG_ERR, "no-such-signal");
}
