/*
 * wait.h - waiting for a condition, in a kernel thread.
 *
 * One lock, wait_lock, protects every condition that a thread waits for and
 * every queue of waiters: children that ended, bytes from the console, an
 * alarm that rang.  The idiom:
 *
 *	flags = wait_lock_irqsave();
 *	while (!condition && !err)
 *		err = waitq_sleep(&wq, &flags);
 *	wait_unlock_irqrestore(flags);
 */
#pragma once

#include "lib/list.h"

struct kthread;
struct proc;
struct syscall;

struct waitq {
	struct list	waiters;	/* kthreads, first come first */
};

/* The lock of all conditions, with interrupts off while it is held. */
uint64_t wait_lock_irqsave(void);
void wait_unlock_irqrestore(uint64_t flags);

void waitq_init(struct waitq *wq);

/*
 * Wait on @wq.  0 after a wake-up, which promises nothing: look again.
 * -ECANCELED if the call was aborted or its process is dying; -EAGAIN if that
 * has PROC_MAX_BLOCKED calls waiting; -ENOMEM if there is no stack for the core
 * to go on with.
 *
 * Context: kthread, wait_lock held (with its @flags) and nothing else; the
 * lock is released while waiting and held again on return.
 */
int waitq_sleep(struct waitq *wq, uint64_t *flags);

/* Wake all waiters of @wq.  Context: wait_lock held. */
void waitq_wake(struct waitq *wq);

/*
 * End the wait of @p's call at @u_sysc; all of its calls if that is NULL.
 * True if one was found.
 *
 * Context: any; no wait_lock.
 */
bool wait_abort(struct proc *p, struct syscall *u_sysc);

/*
 * The call that @k, this core's thread, ran is over.  If it has waited, forget
 * its process.
 *
 * Context: no locks; the process's address space may be gone afterwards, so
 * it must not be loaded unless this core's owner is that process.
 */
void wait_finish(struct kthread *k);
