/* signal_suspended - when several uthreads have been in sigsuspend(), the
 * process's mask is afterwards what it was before the first, with what another
 * uthread has changed meanwhile.
 *
 * Scenario: cpus=1,4
 */
#include "signal.h"
#include "test.h"
#include "unistd.h"

#define UTHREADS	3

static uint32_t handled, in, out;

static void on_signal(int signo)
{
	write_once(handled, handled + 1);
}

static void *suspend(void *arg)
{
	sigset_t none = 0;

	atomic_fetch_add32(&in, 1);
	sigsuspend(&none);
	atomic_fetch_add32(&out, 1);
	return NULL;
}

/* Change the mask while the others are in. */
static void *block_another(void *arg)
{
	sigset_t *old = arg;
	sigset_t mask = 1U << SIGUSR2;

	sigprocmask(SIG_BLOCK, &mask, old);
	return NULL;
}

TEST(signal_suspended)
{
	struct uthread *uths[UTHREADS], *another;
	sigset_t mask = 0, now = 0, old = 0;

	signal(SIGUSR1, on_signal);
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	for (int i = 0; i < UTHREADS; i++)
		uths[i] = uthread_create(suspend, NULL);
	CHECK(WAIT(read_once(in) == UTHREADS || (uthread_yield(), false)),
	      "all-in");
	another = uthread_create(block_another, &old);
	uthread_join(another, NULL);
	CHECK(sigismember(&old, SIGUSR1), "not-what-lets-in");
	/* Whoever comes to sigsuspend() after a signal needs the next one. */
	CHECK(WAIT(read_once(out) == UTHREADS ||
		   (kill(getpid(), SIGUSR1), uthread_yield(), false)),
	      "all-out");
	for (int i = 0; i < UTHREADS; i++)
		uthread_join(uths[i], NULL);
	sigprocmask(SIG_BLOCK, NULL, &now);
	CHECK(sigismember(&now, SIGUSR1), "as-before");
	CHECK(sigismember(&now, SIGUSR2), "and-as-changed");
	CHECK(handled, "handled");
}
