/*
 * signal.h - POSIX signals, made of EV_POSIX_SIGNAL.
 *
 * A signal is sent to the process or to one uthread of it.
 *
 * To the process (kill(), ^C, SIGCHLD, alarm()): its handler is called in vcore
 * context, on whatever vcore hears of it first.  It must return and may not
 * block; so what it may do is what any event handler may do, which is more than
 * POSIX promises.  sigprocmask() is for these, and is one for the process.
 *
 * To a uthread (raise(), uthread_kill(), its own page fault): the uthread calls
 * the handler itself, on its own stack, before it goes on with what it was
 * doing; the handler may block.  A uthread that waits calls it when it next
 * runs: no wait ends early, so nothing fails with EINTR.  uthread_sigmask() is
 * for these, and each uthread has its own.
 *
 * While a handler runs, its signal and those in sa_mask are put off: for the
 * process, or for that uthread.  Signals put off are kept, once each.  What is
 * done with a signal is one table for both.  The default is to end the process
 * as the kernel would have, but SIGCHLD is ignored.
 *
 * Until the first call of sigaction(), signal(), sigprocmask() or one that
 * waits, the kernel knows of no wish of ours and does the default by itself.
 * Do not use it together with intr.h, which takes all signals for ^C.
 */
#pragma once

#include "abi/signal.h"
#include "abi/types.h"

struct context;
struct uthread;

typedef uint32_t sigset_t;
typedef void (*sighandler_t)(int signo);

#define SIG_DFL		((sighandler_t)0)
#define SIG_IGN		((sighandler_t)1)
#define SIG_ERR		((sighandler_t)-1)

struct siginfo {
	int	si_signo;
	void	*si_addr;	/* of a fault; else null */
};
#define siginfo_t	struct siginfo

/* sa_flags */
#define SA_SIGINFO	0x1	/* call sa_sigaction, not sa_handler */
#define SA_NODEFER	0x2	/* do not put off the signal itself */
#define SA_RESETHAND	0x4	/* the default again, from the first call on */
#define SA_RESTART	0x8	/* always so */

struct sigaction {
	union {
		sighandler_t sa_handler;
		/* @ctx: of a uthread that was interrupted, where it goes on
		 * afterwards, to look at and to change.  Null if it takes the
		 * signal in a call of its own, as raise(), uthread_kill() or
		 * uthread_sigmask(); and for the process. */
		void	(*sa_sigaction)(int signo, siginfo_t *info, void *ctx);
	};
	sigset_t	sa_mask;
	int		sa_flags;
};

/* Sets of signals 1 to NSIG - 1.  0, or -1 with EINVAL. */
int sigemptyset(sigset_t *set);
int sigfillset(sigset_t *set);
int sigaddset(sigset_t *set, int signo);
int sigdelset(sigset_t *set, int signo);
int sigismember(const sigset_t *set, int signo);

/* What is to be done with @signo, and what was; either may be null.  0, or -1
 * with EINVAL, as for SIGKILL, or ENOMEM.  Context: any. */
int sigaction(int signo, const struct sigaction *action,
	      struct sigaction *old);
sighandler_t signal(int signo, sighandler_t handler);

#define SIG_BLOCK	0
#define SIG_UNBLOCK	1
#define SIG_SETMASK	2

/*
 * Change the mask of the process, or of the calling uthread; either pointer may
 * be null.  What is let in is handled before the call returns, or as soon as
 * notifications are enabled.  While uthreads are in sigsuspend(), the process's
 * mask is the one that counts from when the last of them is out.  0, or -1 with
 * EINVAL.  Context: any; uthread.
 */
int sigprocmask(int how, const sigset_t *set, sigset_t *old);
int uthread_sigmask(int how, const sigset_t *set, sigset_t *old);

/* What was put off, of the process and of the calling uthread.  0. */
int sigpending(sigset_t *set);

/* Send @signo to process @pid; 0 only asks if it is there.  0, or -1 with ESRCH
 * or EINVAL. */
int kill(int pid, int signo);

/*
 * Send @signo to @uth, which has not ended.  To the caller itself: handled
 * before the call returns.  raise() is that; in vcore context it sends to the
 * process instead.  0, or -1 with EINVAL.  Context: any.
 */
int uthread_kill(struct uthread *uth, int signo);
int raise(int signo);

/* SIGALRM to the process in @seconds; 0: none.  Returns how many were left of
 * the alarm that this replaces, 0 if there was none. */
unsigned int alarm(unsigned int seconds);

/*
 * Block the calling uthread until a handler was called, for the process or for
 * it; sigsuspend() with the process's mask @mask until then, with no gap in
 * between.  -1 with EINTR.
 */
int pause(void);
int sigsuspend(const sigset_t *mask);

/* Block the calling uthread until a signal of @set, which should be masked, has
 * come to the process, and take it.  0. */
int sigwait(const sigset_t *set, int *signo);

/* End the process as @signo does by default, whatever its action is. */
void signal_die(int signo) __attribute__((noreturn));

/*
 * The uthread @uth, which this vcore interrupted, may not go on as it did: it
 * gets @signo about address @addr when it is run, and goes on if the handler
 * returns; or, if there is none or it is masked, the process ends.
 * Context: vcore; for fault.c.
 */
void signal_fault(struct uthread *uth, int signo, void *addr);
