/*
 * fault.h - handlers for what a program's own instructions did wrong.
 *
 * When a uthread does what the processor refuses, and the kernel has no page to
 * bring in, its vcore hears of it: handlers may mend the cause, and the uthread
 * tries again.  If none of them does, it gets SIGSEGV (of memory), SIGFPE (of a
 * division or the FPU), SIGTRAP (of a breakpoint) or SIGILL; without a handler
 * for that the process ends.
 *
 * A fault in vcore context, or with notifications masked, ends the process as
 * by that signal: who should mend it is who made it.
 */
#pragma once

#include "abi/context.h"
#include "abi/fault.h"

struct uthread;

struct fault {
	uint32_t	trap;		/* FAULT_* or another vector */
	uint32_t	error;		/* as the processor pushed it */
	void		*addr;		/* what FAULT_PAGE was about */
	struct uthread	*uth;		/* whose fault; this vcore's current */
	struct context	*ctx;		/* where it goes on: may be changed */
};

enum fault_answer {
	FAULT_PASS,	/* not mine: ask the next */
	FAULT_RETRY,	/* mended: the uthread goes on at its context */
	FAULT_TAKEN,	/* detach_current_uthread() was called: the handler
			 * gives it to sched_get()->runnable() when it is
			 * mended (uthread_runnable() is for the blocked) */
};

/* Context: vcore; it may make system calls that do not wait. */
typedef enum fault_answer (*fault_handler_t)(struct fault *fault, void *data);

/* Ask @handler(fault, @data) about faults, before those that were there.  0 or
 * -ENOMEM.  Context: any. */
int fault_handler_add(fault_handler_t handler, void *data);

/* Take that back; in a uthread it returns when no vcore is inside.  0 or
 * -ENOENT. */
int fault_handler_remove(fault_handler_t handler, void *data);

/* Hear of faults from now on, as with the first handler; sigaction() calls it
 * for a signal that is of one.  0 or -ENOMEM.  Context: any. */
int fault_start(void);
