/* signal_default - a signal without a handler ends the process as if the kernel
 * had never been asked to send it: SIGTERM, SIGINT, raise(); SIGCHLD does not,
 * and SIGKILL always does. */
#include "family.h"
#include "signal.h"

/* The child is as it should be: say so, and spin. */
static void spin(void)
{
	family_answer((uint64_t)getpid());
	for (;;)
		cpu_relax_bounded();
}

static void nothing(int signo)
{
}

/* Signals are events for us, but most have no handler. */
static void child_spins(void)
{
	signal(SIGUSR1, nothing);
	raise(SIGCHLD);
	spin();
}

static void child_many_core(void)
{
	signal(SIGUSR1, nothing);
	test_vcores_upto(2);
	spin();
}

static void child_raises(void)
{
	signal(SIGUSR1, nothing);
	raise(SIGCHLD);
	raise(SIGUSR1);
	raise(SIGABRT);
}

static void kills_itself(int signo)
{
	raise(SIGKILL);
}

/* From a handler for the process, and with everything masked. */
static void child_masks(void)
{
	sigset_t all, alrm = 0;

	signal(SIGALRM, kills_itself);
	sigfillset(&all);
	sigaddset(&alrm, SIGALRM);
	sigprocmask(SIG_BLOCK, &all, NULL);
	kill(getpid(), SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alrm, NULL);
}

static void child_ignores(void)
{
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	raise(SIGTERM);
	kill(getpid(), SIGINT);
	spin();
}

static int32_t end_with(void (*child)(void), int first, int then)
{
	int pid = test_start(child);

	REQUIRE(family_told((uint64_t)pid), "child-is-there");
	kill(pid, first);
	if (then) {
		usleep(20000);
		kill(pid, then);
	}
	return test_wait(pid);
}

TEST(signal_default)
{
	family_listen();
	CHECK_EQ(W_SIGNAL(end_with(spin, SIGTERM, 0)), SIGTERM, "no-wish");
	CHECK_EQ(W_SIGNAL(end_with(child_spins, SIGTERM, 0)), SIGTERM,
		 "no-handler");
	CHECK_EQ(W_SIGNAL(end_with(child_spins, SIGCHLD, SIGHUP)), SIGHUP,
		 "child-is-ignored");
	CHECK_EQ(W_SIGNAL(end_with(spin, SIGCHLD, SIGHUP)), SIGHUP,
		 "child-is-ignored-without-a-wish");
	CHECK_EQ(W_SIGNAL(end_with(child_many_core, SIGINT, 0)), SIGINT,
		 "interrupt-of-a-spinning-mcp");
	CHECK_EQ(W_SIGNAL(test_run(child_raises)), SIGABRT, "raised");
	CHECK_EQ(W_SIGNAL(end_with(child_ignores, SIGTERM, SIGKILL)), SIGKILL,
		 "kill-of-one-that-ignores");
	CHECK_EQ(W_SIGNAL(test_run(child_masks)), SIGKILL,
		 "kill-of-oneself-that-is-masked");
	CHECK_EQ(kill(999999, SIGTERM), -1, "nobody");
	CHECK_EQ(errno, ESRCH, "nobody-errno");
}
