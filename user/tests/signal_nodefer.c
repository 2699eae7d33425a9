/* signal_nodefer - with SA_NODEFER a signal that comes while it is handled is
 * handled at once; what other handlers, further out, have masked is not.
 */
#include "signal.h"
#include "test.h"
#include "unistd.h"

static char order[16];
static uint32_t nr;
static uint32_t again;

static void note(char c)
{
	if (nr < sizeof(order) - 1)
		order[nr++] = c;
}

static void on_nodefer(int signo)
{
	note('(');
	if (again++ == 0)
		raise(signo);
	note(')');
}

/* Masks SIGUSR2, which waits for the end of this. */
static void on_outer(int signo)
{
	note('[');
	raise(SIGUSR1);
	note(']');
}

static void on_inner(int signo)
{
	note('<');
	raise(SIGUSR2);
	note('>');
}

static void on_masked(int signo)
{
	note('x');
}

static void send(bool uthread, int signo, uint32_t length, const char *what,
		 const char *fact)
{
	memset(order, 0, sizeof(order));
	write_once(nr, 0);
	again = 0;
	if (uthread)
		raise(signo);
	else
		kill(getpid(), signo);
	CHECK(WAIT(read_once(nr) == length), "handled");
	CHECK(!strcmp(order, what), fact);
}

TEST(signal_nodefer)
{
	struct sigaction nodefer = {
		.sa_handler = on_nodefer,
		.sa_flags = SA_NODEFER,
	};
	struct sigaction outer = {
		.sa_handler = on_outer,
		.sa_mask = 1U << SIGUSR2,
	};

	sigaction(SIGHUP, &nodefer, NULL);
	sigaction(SIGTERM, &outer, NULL);
	signal(SIGUSR1, on_inner);
	signal(SIGUSR2, on_masked);
	send(true, SIGHUP, 4, "(())", "uthread-at-once");
	send(false, SIGHUP, 4, "(())", "process-at-once");
	send(true, SIGTERM, 5, "[<>]x", "uthread-masked-further-out");
	send(false, SIGTERM, 5, "[<>]x", "process-masked-further-out");
}
