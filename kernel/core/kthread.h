/*
 * kthread.h - kernel threads: what a waiting system call leaves behind.
 *
 * A core runs one kernel thread at a time and never takes its stack away, so
 * most system calls are over before anyone could tell that they ran on one.
 * A call that must wait keeps its stack; the core continues on another, and
 * the vcore goes back to user mode.  The thread goes on later, on the same
 * core, as a routine message.
 *
 * So a wake-up between "nothing there" and "asleep" cannot be lost: the
 * message lies in this core's queue, which the core reads only once it is off
 * the sleeper's stack.
 */
#pragma once

#include "core/kmsg.h"
#include "lib/list.h"

struct proc;
struct syscall;

struct kthread {
	/* Fixed. */
	uintptr_t	stack_top;
	struct kmsg	resume;		/* sent to go on */

	/* This core only. */
	uint64_t	rsp;		/* where it stopped */
	bool		detached;	/* has waited: the vcore went on */
	/* for whom, once detached; a reference */
	struct proc	*proc;
	struct syscall	*u_sysc;	/* the call it is in */

	/* wait_lock: */
	struct list	wait_link;	/* on a waitq, or alone */
	struct list	blocked_link;	/* on proc.blocked once it has waited */
	uint32_t	coreid;		/* where it will go on */
	bool		aborted;	/* do not wait any more */
};

/* A thread with a stack, or NULL.  Context: any but interrupts. */
struct kthread *kthread_alloc(void);

/* How many there are, and how many of them wait for use: to find leaks. */
uint64_t kthread_count(void);
uint64_t kthread_spares(void);

/*
 * A core needs a second thread to go on with while the first sleeps.  Is there
 * one?  If not, make one: -ENOMEM when there is no memory for its stack.
 *
 * Context: kthread; for the second, no locks.
 */
bool kthread_can_sleep(void);
int kthread_prepare_sleep(void);

/*
 * Leave the current thread; return when its resume message has run.  If the
 * core was in a system call, its vcore continues in user mode meanwhile.
 *
 * Context: kthread_can_sleep(), no locks; returns in the same address space.
 */
void kthread_sleep(void);
