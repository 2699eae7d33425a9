/* signal_child - the end of a child is a SIGCHLD to a parent that wants it, and
 * waitpid() then finds it at once. */
#include "signal.h"
#include "test.h"

static uint32_t nr_ended;

static void on_child(int signo)
{
	write_once(nr_ended, nr_ended + 1);
}

static void child(void)
{
}

TEST(signal_child)
{
	sigset_t mask = 0, before;
	int32_t status = -1;
	int pid;

	signal(SIGCHLD, on_child);
	pid = test_start(child);
	CHECK(WAIT(read_once(nr_ended) == 1), "told");
	CHECK_EQ(sys_waitpid(pid, &status, WNOHANG), pid, "found");
	CHECK_EQ(status, 0, "status");

	/* Blocked until we wait: it may have ended before that. */
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, &before);
	pid = test_start(child);
	sigsuspend(&before);
	CHECK_EQ(read_once(nr_ended), 2, "woken-by-it");
	CHECK_EQ(test_wait(pid), 0, "second-status");
}
