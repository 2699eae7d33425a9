/*
 * intr.c - ^C as an event.
 *
 * Entered from the shell: intr_call() in a uthread, on_signal() in vcore
 * context when the kernel's message comes.  Of the flag and the call in
 * progress each side writes its own word and then looks at the other's, so a
 * ^C never falls between the last look and the sleep:
 *
 *   intr_call()                     on_signal()
 *   waiting = sc                    taken = 1
 *   full_fence()                    full_fence()
 *   taken? abort sc                 waiting? abort it
 *
 * Both may abort; the second finds a call that is done, which is no error.
 */
#include "intr.h"

#include "abi/signal.h"
#include "atomic.h"
#include "event.h"
#include "stdlib.h"
#include "syscall.h"

static uint32_t taken;
static struct syscall *waiting;

static void on_signal(struct event_msg *msg, unsigned int ev_type, void *data)
{
	struct syscall *sc;

	switch (msg->ev_arg1) {
	case SIGINT:
		write_once(taken, 1);
		/* Flag before call.  Pairs with full_fence() in
		 * user/lib/intr.c:intr_call() [intr]. */
		full_fence();
		sc = read_once(waiting);
		if (sc)
			sys_abort(sc);
		break;
	case SIGHUP:
	case SIGQUIT:
	case SIGABRT:
	case SIGTERM:
		exit(128 + msg->ev_arg1);
	default:
		break;
	}
}

int intr_enable(void)
{
	int err = register_ev_handler(EV_POSIX_SIGNAL, on_signal, NULL);

	if (err)
		return err;
	return enable_kevent(EV_POSIX_SIGNAL, 0, EVENT_IPI | EVENT_WAKEUP);
}

bool intr_taken(void)
{
	return atomic_swap32(&taken, 0);
}

long intr_call(struct syscall *sc)
{
	syscall_submit(sc);
	write_once(waiting, sc);
	/* Call before flag.  Pairs with full_fence() in
	 * user/lib/intr.c:on_signal() [intr]. */
	full_fence();
	if (read_once(taken))
		sys_abort(sc);
	syscall_wait(sc);
	write_once(waiting, NULL);
	if (sc->retval < 0)
		errno = sc->err;
	return sc->retval;
}
