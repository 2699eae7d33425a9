/*
 * signal.c - POSIX signals, made of EV_POSIX_SIGNAL.
 *
 * Signals of the process are bits in proc_pending; whoever puts one there, or
 * takes away what put it off, calls deliver(), in vcore context.
 *
 * A signal of a uthread is a bit in its sig_pending.  Only the uthread takes
 * it: the hook, which sees each uthread before it runs, makes one that has
 * something to take start in uthread_takes(), with what it was doing saved on
 * its own stack.
 *
 * [sig-run]  No uthread runs on past a signal.
 *
 *   uthread_kill()               run_uthread(), then run_context()
 *   run_hook = on_run            tcb->vcoreid = this vcore
 *   sig_pending |= bit           full_fence()
 *   (locked)                     run_hook?
 *   notify tcb->vcoreid          sig_pending?
 *
 * Who does not see both has written the vcore's number before, and is
 * notified: its vcore comes to the hook again.
 *
 * One that is sig_taking is let be, for it looks again before it goes on with
 * anything else.  So its stack holds a frame for each handler that it is in,
 * and one more; not one for each signal that came as a handler ended.
 */
#include "signal.h"

#include "abi/context.h"
#include "alarm.h"
#include "atomic.h"
#include "clock.h"
#include "event.h"
#include "evq.h"
#include "fault.h"
#include "mbox.h"
#include "string.h"
#include "switch.h"
#include "syscall.h"
#include "tls.h"
#include "unistd.h"
#include "uspin.h"
#include "uthread.h"
#include "vcore.h"

#define RED_ZONE	128
#define STACK_SPARE	2048	/* what a handler needs at the very least */

/* A handler that runs for the process, on its vcore's stack. */
struct running {
	sigset_t	blocks;
	struct running	*outer;		/* of any vcore */
};

/* A uthread that waits for a signal, on its stack. */
struct waiter {
	struct uthread	*uth;
	sigset_t	set;		/* sigwait(): which; else 0 */
	const sigset_t	*mask;		/* sigsuspend() */
	int		signo;		/* which it got */
	struct waiter	*next;
};

/* What a uthread was doing when it had to take a signal, on its stack. */
struct interrupted {
	struct context	ctx;
	int		fault;		/* which cannot be put off, or 0 */
	void		*addr;
	struct interrupted *outer;
};

static struct uspin lock;
/* All under lock. */
static struct sigaction actions[NSIG];
static sigset_t proc_mask;
static sigset_t outer_mask;	/* and after the last sigsuspend() is over */
static uint32_t nr_suspended;
static sigset_t proc_pending;
static struct running *running;
static struct waiter *waiters;
static struct event_queue *ev_q;

static void on_sigalrm(struct alarm *alarm, void *data);
static struct uspin alarm_lock;		/* whoever sets it */
static struct alarm sigalrm = { .handler = on_sigalrm };

static sigset_t bit(int signo)
{
	return 1U << signo;
}

static bool is_signal(int signo)
{
	return signo > 0 && signo < NSIG;
}

static int fail(int err)
{
	errno = err;
	return -1;
}

/* --- Sets ----------------------------------------------------------------- */

int sigemptyset(sigset_t *set)
{
	*set = 0;
	return 0;
}

int sigfillset(sigset_t *set)
{
	*set = ~1U;
	return 0;
}

int sigaddset(sigset_t *set, int signo)
{
	if (!is_signal(signo))
		return fail(EINVAL);
	*set |= bit(signo);
	return 0;
}

int sigdelset(sigset_t *set, int signo)
{
	if (!is_signal(signo))
		return fail(EINVAL);
	*set &= ~bit(signo);
	return 0;
}

int sigismember(const sigset_t *set, int signo)
{
	return is_signal(signo) ? !!(*set & bit(signo)) : fail(EINVAL);
}

static int change_mask(sigset_t *mask, int how, const sigset_t *set)
{
	switch (how) {
	case SIG_BLOCK:
		write_once(*mask, *mask | *set);
		return 0;
	case SIG_UNBLOCK:
		write_once(*mask, *mask & ~*set);
		return 0;
	case SIG_SETMASK:
		write_once(*mask, *set);
		return 0;
	default:
		return fail(EINVAL);
	}
}

/* --- What is done with a signal ------------------------------------------- */

void signal_die(int signo)
{
	/* Without our wish for events the kernel does what the signal does. */
	(void)disable_kevent(EV_POSIX_SIGNAL);
	(void)sys_kill(getpid(), signo);
	sys_exit(128 + signo);
}

/* What is done with @signo from now on; SIG_IGN or a handler, or no return. */
static struct sigaction take_action_locked(int signo)
{
	struct sigaction action = actions[signo];

	if (action.sa_flags & SA_RESETHAND)
		actions[signo] = (struct sigaction){ .sa_handler = SIG_DFL };
	if (!(action.sa_flags & SA_NODEFER))
		action.sa_mask |= bit(signo);
	if (action.sa_handler == SIG_DFL && signo == SIGCHLD)
		action.sa_handler = SIG_IGN;
	return action;
}

/* Would nothing happen? */
static bool is_ignored(int signo)
{
	void (*handler)(int signo);

	uspin_lock(&lock);
	handler = actions[signo].sa_handler;
	uspin_unlock(&lock);
	return handler == SIG_IGN || (handler == SIG_DFL && signo == SIGCHLD);
}

static void act(const struct sigaction *action, int signo, void *addr,
		struct context *ctx)
{
	struct siginfo info = {
		.si_signo = signo,
		.si_addr = addr,
	};

	if (action->sa_handler == SIG_IGN)
		return;
	if (action->sa_handler == SIG_DFL)
		signal_die(signo);
	if (action->sa_flags & SA_SIGINFO)
		action->sa_sigaction(signo, &info, ctx);
	else
		action->sa_handler(signo);
}

/* Take those waiters off the list that wait for @signo; or, if that is 0, for
 * any handler.  Context: lock. */
static struct waiter *take_waiters_locked(int signo)
{
	struct waiter **link = &waiters;
	struct waiter *taken = NULL;
	struct waiter *w;

	while ((w = *link)) {
		if (signo ? !(w->set & bit(signo)) : w->set) {
			link = &w->next;
			continue;
		}
		*link = w->next;
		w->signo = signo;
		w->next = taken;
		taken = w;
		if (signo)
			break;		/* one signal, one of them */
	}
	return taken;
}

/* Context: vcore. */
static void wake_waiters(struct waiter *w)
{
	while (w) {
		struct waiter *next = w->next;

		uthread_runnable(w->uth);
		w = next;
	}
}

/* A handler was called for the process.  Context: vcore. */
static void handler_was_called(void)
{
	struct waiter *woken;

	uspin_lock(&lock);
	woken = take_waiters_locked(0);
	uspin_unlock(&lock);
	wake_waiters(woken);
}

/* --- Signals of the process ----------------------------------------------- */

/* Take a signal that may be handled now, and its action.  0: there is none. */
static int take_begin(struct sigaction *action, struct running *r)
{
	sigset_t ready;
	int signo = 0;

	uspin_lock(&lock);
	ready = proc_pending & ~proc_mask;
	for (struct running *each = running; each; each = each->outer)
		ready &= ~each->blocks;
	if (ready) {
		signo = __builtin_ctz(ready);
		proc_pending &= ~bit(signo);
		*action = take_action_locked(signo);
		r->blocks = action->sa_mask;
		r->outer = running;
		running = r;
	}
	uspin_unlock(&lock);
	return signo;
}

static void take_end(struct running *r)
{
	struct running **link = &running;

	uspin_lock(&lock);
	while (*link != r)
		link = &(*link)->outer;
	*link = r->outer;
	uspin_unlock(&lock);
}

/* Handle what may be handled.  Context: vcore. */
static void deliver(void)
{
	struct sigaction action;
	struct running r;
	int signo;

	while ((signo = take_begin(&action, &r))) {
		act(&action, signo, NULL, NULL);
		take_end(&r);
		if (action.sa_handler != SIG_IGN)
			handler_was_called();
	}
}

/* @signo has come to the process.  Context: vcore. */
static void post(int signo)
{
	struct waiter *waiter;

	uspin_lock(&lock);
	waiter = take_waiters_locked(signo);
	if (!waiter)
		proc_pending |= bit(signo);
	uspin_unlock(&lock);
	wake_waiters(waiter);
}

static void on_signal_evq(struct event_queue *q)
{
	struct event_msg msg;

	while (mbox_get(q->ev_mbox, &msg)) {
		if (msg.ev_type == EV_POSIX_SIGNAL && is_signal(msg.ev_arg1))
			post(msg.ev_arg1);
	}
	deliver();
}

static void park_and_deliver(struct uthread *uth, void *arg)
{
	deliver();
	sched_get()->runnable(uth);
}

/* Handle what may be handled, wherever we are; with notifications masked, as
 * soon as they are enabled.  Context: any. */
static void deliver_now(void)
{
	static const struct event_msg look = { .ev_type = EV_NONE };
	bool ready;

	uspin_lock(&lock);
	ready = proc_pending & ~proc_mask;
	uspin_unlock(&lock);
	if (in_vcore_context())
		deliver();
	else if (ready && notifs_masked())
		(void)sys_send_event(ev_q, &look, vcore_id());
	else if (ready)
		uthread_block(park_and_deliver, NULL);
}

/* --- Signals of a uthread ------------------------------------------------- */

static sigset_t uthread_ready(struct uthread *uth)
{
	return read_once(uth->sig_pending) & ~read_once(uth->sig_mask);
}

static void uthread_takes(struct uthread *self, struct context *ctx);

/* Call the handler of @signo as the uthread @self, which has taken it. */
static void uthread_act(struct uthread *self, int signo, void *addr,
			struct context *ctx)
{
	sigset_t old = self->sig_mask;
	struct sigaction action;
	int old_errno = errno;

	uspin_lock(&lock);
	action = take_action_locked(signo);
	uspin_unlock(&lock);
	write_once(self->sig_mask, old | action.sa_mask);
	/* What need not wait for the handler's end. */
	uthread_takes(self, ctx);
	act(&action, signo, addr, ctx);
	write_once(self->sig_taking, true);
	write_once(self->sig_mask, old);
	errno = old_errno;
}

/* Handle what was sent to the uthread @self, which calls this itself and is
 * sig_taking, before and afterwards. */
static void uthread_takes_all(struct uthread *self, struct context *ctx)
{
	sigset_t ready;

	while ((ready = uthread_ready(self))) {
		int signo = __builtin_ctz(ready);

		atomic_fetch_and32(&self->sig_pending, ~bit(signo));
		uthread_act(self, signo, NULL, ctx);
	}
}

/* The same for one that is not sig_taking: the hook lets it be until it has
 * looked, and may interrupt it from then on. */
static void uthread_takes(struct uthread *self, struct context *ctx)
{
	do {
		write_once(self->sig_taking, true);
		uthread_takes_all(self, ctx);
		write_once(self->sig_taking, false);
	} while (uthread_ready(self));
}

static void park_and_resume(struct uthread *uth, void *arg)
{
	struct interrupted *in = arg;

	uth->ctx = in->ctx;
	uth->sig_frame = in->outer;
	uth->sig_taking = false;
	sched_get()->runnable(uth);
}

/* Where an interrupted uthread starts; it ends where it was. */
static void uthread_interrupted(void)
{
	struct uthread *self = uthread_self();
	struct interrupted *in = self->sig_frame;

	if (in->fault)
		uthread_act(self, in->fault, in->addr, &in->ctx);
	uthread_takes_all(self, &in->ctx);
	for (;;)
		uthread_block(park_and_resume, in);
}

/* Have @uth, which would go on at @ctx, handle signals first. */
static void interrupt_uthread(struct uthread *uth, struct context *ctx,
			      int fault, void *addr)
{
	uint64_t room = RED_ZONE + sizeof(struct interrupted);
	uint64_t sp = (ctx->rsp - room) & -16UL;
	struct interrupted *in = (struct interrupted *)sp;

	if (uth->stack && sp < (uint64_t)uth->stack + STACK_SPARE)
		signal_die(SIGSEGV);	/* there is no stack to do it on */
	in->ctx = *ctx;
	in->fault = fault;
	in->addr = addr;
	in->outer = uth->sig_frame;
	uth->sig_frame = in;
	uth->sig_taking = true;
	context_init(ctx, sp, in->ctx.fs_base, uthread_interrupted);
}

static void on_run(struct uthread *uth, struct context *ctx)
{
	if (uthread_ready(uth) && !read_once(uth->sig_taking) &&
	    !uthread_is_pinned(uth))
		interrupt_uthread(uth, ctx, 0, NULL);
}

/* @uth is to see to its signals: it waits for one, runs, or will run. */
static void wake_or_notify(struct uthread *uth)
{
	struct waiter *w = NULL;
	struct waiter **link = &waiters;

	disable_notifs();
	uspin_lock(&lock);
	while (*link && ((*link)->uth != uth || (*link)->set))
		link = &(*link)->next;
	if (*link && uthread_ready(uth)) {
		w = *link;
		*link = w->next;
		w->next = NULL;
	}
	uspin_unlock(&lock);
	wake_waiters(w);
	enable_notifs();
	if (!w)
		sys_self_notify(read_once(uth->tcb->vcoreid), EV_NONE, NULL,
				false);
}

int uthread_kill(struct uthread *uth, int signo)
{
	if (!is_signal(signo))
		return signo ? fail(EINVAL) : 0;
	if (signo == SIGKILL)
		signal_die(signo);
	if (is_ignored(signo))
		return 0;
	uthread_set_run_hook(on_run);
	/* Hook and signal before vcore.  Pairs with full_fence() in
	 * user/lib/uthread.c:run_context() [sig-run]. */
	atomic_fetch_or32(&uth->sig_pending, bit(signo));
	if (uth == uthread_self())
		uthread_takes(uth, NULL);
	else
		wake_or_notify(uth);
	return 0;
}

void signal_fault(struct uthread *uth, int signo, void *addr)
{
	sighandler_t handler;

	uspin_lock(&lock);
	handler = actions[signo].sa_handler;
	uspin_unlock(&lock);
	if (handler == SIG_DFL || handler == SIG_IGN ||
	    uth->sig_mask & bit(signo))
		signal_die(signo);
	interrupt_uthread(uth, &vcpd_of(vcore_id())->uthread_ctx, signo, addr);
}

/* --- Calls ---------------------------------------------------------------- */

/* Have the kernel send us signals.  0 or -ENOMEM. */
static int start_locked(void)
{
	if (ev_q)
		return 0;
	ev_q = get_eventq(EV_MBOX_UCQ);
	if (!ev_q)
		return -ENOMEM;
	ev_q->ev_flags = EVQ_SOME_VCORE_NOW;
	ev_q->ev_handler = on_signal_evq;
	return register_kevent_q(ev_q, EV_POSIX_SIGNAL);
}

static int start(void)
{
	int err;

	uspin_lock(&lock);
	err = start_locked();
	uspin_unlock(&lock);
	return err ? fail(-err) : 0;
}

/* Does a fault of a uthread come as @signo?  See fault_signal(). */
static bool is_of_fault(int signo)
{
	return signo == SIGSEGV || signo == SIGFPE || signo == SIGILL ||
	       signo == SIGTRAP;
}

/* Without a handler the kernel does the same, and says where it was. */
static int start_for(int signo, const struct sigaction *action)
{
	int err;

	if (!is_of_fault(signo) || action->sa_handler == SIG_DFL ||
	    action->sa_handler == SIG_IGN)
		return start();
	err = fault_start();
	return err ? fail(-err) : start();
}

int sigaction(int signo, const struct sigaction *action,
	      struct sigaction *old)
{
	if (!is_signal(signo) || (action && signo == SIGKILL))
		return fail(EINVAL);
	if (action && start_for(signo, action))
		return -1;
	uspin_lock(&lock);
	if (old)
		*old = actions[signo];
	if (action)
		actions[signo] = *action;
	uspin_unlock(&lock);
	return 0;
}

sighandler_t signal(int signo, sighandler_t handler)
{
	struct sigaction action = { .sa_handler = handler };
	struct sigaction old;

	return sigaction(signo, &action, &old) ? SIG_ERR : old.sa_handler;
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	sigset_t *mask;
	int err = 0;

	if (start())
		return -1;
	uspin_lock(&lock);
	mask = nr_suspended ? &outer_mask : &proc_mask;
	if (old)
		*old = *mask;
	if (set)
		err = change_mask(mask, how, set);
	uspin_unlock(&lock);
	deliver_now();
	return err;
}

int uthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	struct uthread *self = uthread_self();
	int err = 0;

	if (old)
		*old = self->sig_mask;
	if (set)
		err = change_mask(&self->sig_mask, how, set);
	uthread_takes(self, NULL);
	return err;
}

int sigpending(sigset_t *set)
{
	struct uthread *self = uthread_self();

	*set = read_once(proc_pending);
	if (self)
		*set |= read_once(self->sig_pending);
	return 0;
}

int kill(int pid, int signo)
{
	return sys_kill(pid, signo);
}

int raise(int signo)
{
	struct uthread *self = uthread_self();

	if (self)
		return uthread_kill(self, signo);
	if (!is_signal(signo))
		return fail(EINVAL);
	/* Nobody's to put off, or to wait for. */
	if (signo == SIGKILL)
		signal_die(signo);
	post(signo);
	deliver();
	return 0;
}

static void on_sigalrm(struct alarm *alarm, void *data)
{
	raise(SIGALRM);
}

unsigned int alarm(unsigned int seconds)
{
	uint64_t left = 0;
	uint64_t now;

	/* A handler of a signal may come in between and call us, too. */
	uspin_lock(&alarm_lock);
	now = clock_ns();
	/* One that is due, and does not ring any more, had something left. */
	if (alarm_cancel(&sigalrm))
		left = sigalrm.deadline <= now ? 1 :
		       (sigalrm.deadline - now + NSEC_PER_SEC - 1) /
		       NSEC_PER_SEC;
	if (seconds)
		(void)alarm_set(&sigalrm, now + seconds * NSEC_PER_SEC);
	uspin_unlock(&alarm_lock);
	return left;
}

/* What any of those in sigsuspend() lets in may come; when the last one is out,
 * what may come is again what might before the first, or what sigprocmask() has
 * said since. */
static void begin_suspend_locked(sigset_t mask)
{
	if (!nr_suspended++)
		outer_mask = proc_mask;
	else
		mask &= proc_mask;
	proc_mask = mask;
}

static void end_suspend(void)
{
	uspin_lock(&lock);
	if (!--nr_suspended)
		proc_mask = outer_mask;
	uspin_unlock(&lock);
	deliver_now();
}

/* Go on waiters, before anything can come that would take us off again; unless
 * we have a signal to see to. */
static bool wait_for_handler(struct uthread *self, void *arg)
{
	struct waiter *w = arg;
	bool waits;

	w->uth = self;
	uspin_lock(&lock);
	waits = !uthread_ready(self);
	if (waits) {
		w->next = waiters;
		waiters = w;
	}
	if (w->mask)
		begin_suspend_locked(*w->mask);
	uspin_unlock(&lock);
	deliver();
	return waits;
}

int pause(void)
{
	struct waiter w = { .set = 0 };

	if (start())
		return -1;
	uthread_block_unless(wait_for_handler, &w);
	return fail(EINTR);
}

int sigsuspend(const sigset_t *mask)
{
	struct waiter w = { .mask = mask };

	if (start())
		return -1;
	uthread_block_unless(wait_for_handler, &w);
	end_suspend();
	return fail(EINTR);
}

/* Take a signal that has come, or go on waiters. */
static bool wait_for_signal(struct uthread *self, void *arg)
{
	struct waiter *w = arg;
	sigset_t here;

	w->uth = self;
	uspin_lock(&lock);
	here = proc_pending & w->set;
	if (here) {
		w->signo = __builtin_ctz(here);
		proc_pending &= ~bit(w->signo);
	} else {
		w->next = waiters;
		waiters = w;
	}
	uspin_unlock(&lock);
	return !here;
}

int sigwait(const sigset_t *set, int *signo)
{
	struct waiter w = { .set = *set & ~1U };

	if (start())
		return -1;
	if (!w.set)
		return fail(EINVAL);
	uthread_block_unless(wait_for_signal, &w);
	*signo = w.signo;
	return 0;
}
