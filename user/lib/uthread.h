/*
 * uthread.h - user-level threads and the scheduler that the library brings.
 *
 * One queue of ready uthreads for all vcores; a uthread runs until it blocks,
 * yields or ends.  A notification interrupts it and it goes on afterwards.  A
 * process begins as a single-core one with main() as its uthread 0 and stays
 * so until it asks for cores; then cores are requested with load, up to a
 * limit, and vcores without work are given back.
 *
 * A program may bring another scheduler: fill in a struct sched_ops, or for a
 * test simply vcore_set_entry().
 */
#pragma once

#include "abi/context.h"

struct uthread {
	/* Belongs to whoever has the uthread: a queue, a vcore, a callback. */
	struct context	ctx;		/* where it goes on, unless in a VCPD */
	struct uthread	*next;		/* in the ready queue */
	struct tcb	*tcb;
	void		*stack;		/* lowest byte; null for main's */
	size_t		stack_size;
	/* Fixed at creation. */
	void		*(*fn)(void *arg);
	void		*arg;
	/* Between uthread_exit() and uthread_join(): swapped atomically. */
	/* Who waits for it, or UTHREAD_ENDED, or UTHREAD_DETACHED. */
	void		*joiner;
	void		*result;
	uint32_t	priority;	/* prio.h: atomic */
	void		*deadline;	/* usync.c: what it may end */
	/* signal.h: */
	uint32_t	sig_mask;	/* its own: signals that it puts off */
	uint32_t	sig_pending;	/* atomic: sent to it, not yet taken */
	bool		sig_taking;	/* about to look at them (again) */
	void		*sig_frame;	/* its own: what they interrupted */
};

/* What a scheduler is asked, in vcore context. */
struct sched_ops {
	/* Find something to run, or give the vcore up.  Called after events
	 * were handled; called again if it returns. */
	void	(*entry)(void);
	/* @uth can run: it is new, or what it waited for has come. */
	void	(*runnable)(struct uthread *uth);
	/* Is there work for a vcore that is about to yield?  Asked after the
	 * process already counts as wanting one core less. */
	bool	(*has_work)(void);
};

extern const struct sched_ops uthread_sched;	/* the library's */

/* Schedule by @ops from now on; null: by the library's. */
void sched_set(const struct sched_ops *ops);
const struct sched_ops *sched_get(void);

/* Make a uthread that calls @fn(@arg).  Null without memory.
 * Context: uthread. */
struct uthread *uthread_create(void *(*fn)(void *arg), void *arg);

/* The same with at least @stack_size bytes of stack, its TLS among them. */
struct uthread *uthread_create_sized(void *(*fn)(void *arg), void *arg,
				     size_t stack_size);

/* Wait until @uth ends, and free it; *@result (may be null) is what it
 * returned.  Once for each uthread.  0.  Context: uthread. */
int uthread_join(struct uthread *uth, void **result);

/* Nobody will join @uth: it frees itself when it ends.  0; -EINVAL if somebody
 * waits for it, or it runs and is detached already.  Context: any. */
int uthread_detach(struct uthread *uth);

/* Let others run.  Context: uthread. */
void uthread_yield(void);

/* End the caller.  The process ends when its last uthread does, or when main
 * returns.  Context: uthread. */
void uthread_exit(void *result) __attribute__((noreturn));

/* The calling uthread; null in vcore context. */
struct uthread *uthread_self(void);

/* The uthread that this vcore interrupted; its context is in the VCPD.  Null if
 * there is none.  Context: vcore. */
struct uthread *current_uthread(void);

/* Continue it.  Returns if there is none.  Context: vcore. */
void run_current_uthread(void);

/* Run @uth, whose context is in uth->ctx, on this vcore.  Context: vcore,
 * without a current uthread. */
void run_uthread(struct uthread *uth) __attribute__((noreturn));

/*
 * May @uth, which runs on this vcore or is about to, not leave it, nor be made
 * to do something else?  So it is between its look at the vcore's number and
 * the masking of that vcore: see disable_notifs().  If so, it comes back to
 * vcore context when it is done: ask again there.  Context: vcore.
 */
bool uthread_is_pinned(struct uthread *uth);

/*
 * Take the current uthread off this vcore, its context copied out of the VCPD:
 * it can be run by any vcore from now on.  Null if there is none.
 *
 * Context: vcore.
 */
struct uthread *detach_current_uthread(void);

/*
 * Stop the calling uthread: save it, then call @park(uthread, @arg) in vcore
 * context.  @park hands it to whoever will make it runnable (perhaps at once,
 * perhaps on another vcore), and must not touch it afterwards.
 *
 * Returns when it was made runnable.  Context: uthread, notifications enabled.
 */
void uthread_block(void (*park)(struct uthread *uth, void *arg), void *arg);

/*
 * Block the calling uthread until uthread_runnable(), unless @wait(uthread,
 * @arg), in vcore context, says that what it would wait for has come.  If it
 * says true it has told somebody of the uthread, and must not touch it then.
 *
 * Context: uthread, notifications enabled.
 */
void uthread_block_unless(bool (*wait)(struct uthread *uth, void *arg),
			  void *arg);

/*
 * Have @hook called with each uthread that is about to run and the context that
 * is then loaded, which it may change; the uthread has its vcore.  Null: none.
 * For signals to a uthread.  Context: vcore, for the hook.
 */
void uthread_set_run_hook(void (*hook)(struct uthread *uth,
				       struct context *ctx));

/* Make @uth, which is parked, ready to run.  Context: vcore. */
void uthread_runnable(struct uthread *uth);

/* A scheduler has made a uthread ready: ask for another vcore if there are
 * more uthreads to run than vcores, up to the limit.  Context: any. */
void uthread_ask_for_vcores(void);

/* How many vcores the scheduler may ask for by itself.  The default is 1, or
 * the most that the program asked for. */
void uthread_set_max_vcores(uint32_t n);

/* Keep vcores that have nothing to run: they poll their mailboxes instead of
 * yielding.  For tests, and for programs that must answer at once. */
void uthread_keep_vcores(bool keep);

/* Make the caller, on the first stack, uthread 0 with control block @tcb. */
void uthread_init(struct tcb *tcb);

/* Block the calling uthread until @sc is done. */
struct syscall;
void uthread_block_on_syscall(struct syscall *sc);

/* Set up what vcore @vcoreid needs to hear of completed calls: 0 or -ENOMEM. */
int uthread_vcore_init(uint32_t vcoreid);
