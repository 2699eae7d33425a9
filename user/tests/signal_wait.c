/* signal_wait - sigwait() takes a masked signal, one that has come before and
 * one that comes later, but none that it did not ask for; and no handler is
 * called. */
#include "signal.h"
#include "test.h"
#include "unistd.h"

static uint32_t nr_calls;

static void on_signal(int signo)
{
	nr_calls++;
}

static void *send_later(void *arg)
{
	sys_block(20000);
	kill(getpid(), SIGUSR2);
	return NULL;
}

static void *send_another_first(void *arg)
{
	sys_block(20000);
	kill(getpid(), SIGUSR2);
	kill(getpid(), SIGUSR1);
	return NULL;
}

TEST(signal_wait)
{
	sigset_t one = 1U << SIGUSR1;
	sigset_t set = 1U << SIGUSR1 | 1U << SIGUSR2;
	struct uthread *uth;
	int signo = 0;

	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, on_signal);
	sigprocmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGUSR1);
	CHECK_EQ(sigwait(&set, &signo), 0, "first");
	CHECK_EQ(signo, SIGUSR1, "which");
	uth = uthread_create(send_later, NULL);
	CHECK_EQ(sigwait(&set, &signo), 0, "second");
	CHECK_EQ(signo, SIGUSR2, "which-later");
	uthread_join(uth, NULL);
	uth = uthread_create(send_another_first, NULL);
	CHECK_EQ(sigwait(&one, &signo), 0, "third");
	CHECK_EQ(signo, SIGUSR1, "the-one-asked-for");
	uthread_join(uth, NULL);
	CHECK_EQ(sigwait(&set, &signo), 0, "fourth");
	CHECK_EQ(signo, SIGUSR2, "what-was-left");
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	CHECK_EQ(nr_calls, 0, "handlers-called");
}
