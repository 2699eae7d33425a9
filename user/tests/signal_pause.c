/* signal_pause - pause() of a uthread ends with a handler of its own: not with
 * one that another uthread runs, nor with a signal that is ignored.
 *
 * Scenario: cpus=1,4
 */
#include "signal.h"
#include "test.h"
#include "unistd.h"

#define YIELDS	100

static uint32_t handled, in, ended;

static void on_signal(int signo)
{
	write_once(handled, handled + 1);
}

static void *wait_for_signal(void *arg)
{
	write_once(in, 1);
	pause();
	write_once(ended, 1);
	return NULL;
}

/* Has it ended, though it had every chance not to? */
static bool ends_early(void)
{
	for (int i = 0; i < YIELDS; i++)
		uthread_yield();
	return read_once(ended);
}

TEST(signal_pause)
{
	struct uthread *uth;

	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, SIG_IGN);
	uth = uthread_create(wait_for_signal, NULL);
	CHECK(WAIT(read_once(in) || (uthread_yield(), false)), "in");
	CHECK(!ends_early(), "waits");
	raise(SIGUSR1);
	CHECK_EQ(handled, 1, "handled-by-us");
	CHECK(!ends_early(), "ended-by-our-handler");
	uthread_kill(uth, SIGUSR2);
	uthread_kill(uth, SIGCHLD);
	CHECK(!ends_early(), "ended-by-an-ignored-one");
	uthread_kill(uth, SIGUSR1);
	CHECK(WAIT(read_once(ended) || (uthread_yield(), false)), "ended");
	uthread_join(uth, NULL);
	CHECK_EQ(handled, 2, "handled-by-it");
}
