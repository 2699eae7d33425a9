/* kevent_signal - a signal to a process that registered for EV_POSIX_SIGNAL is
 * an event with its number in arg1; to one that did not it is the end. */
#include "test.h"

static uint32_t signo;

static void on_signal(struct event_msg *msg, unsigned int ev_type, void *data)
{
	write_once(signo, msg->ev_arg1);
}

static void wait_for_the_end(void)
{
	(void)WAIT(false);
}

/* The status of a child that was sent @signo. */
static int32_t kill_child(int number)
{
	int pid = test_start(wait_for_the_end);

	CHECK_EQ(sys_kill(pid, number), 0, "kill");
	return test_wait(pid);
}

TEST(kevent_signal)
{
	CHECK_EQ(kill_child(SIGTERM), W_STATUS(0, SIGTERM), "without-ends");

	register_ev_handler(EV_POSIX_SIGNAL, on_signal, NULL);
	enable_kevent(EV_POSIX_SIGNAL, 0, EVENT_IPI);
	CHECK_EQ(sys_kill((int)procinfo->pid, SIGUSR1), 0, "kill-self");
	CHECK(WAIT(read_once(signo) == SIGUSR1), "arg1-is-the-number");
	CHECK_EQ(sys_kill((int)procinfo->pid, NSIG), -1, "no-such-signal");
	CHECK_EQ(errno, EINVAL, "no-such-signal-errno");
}
