/*
 * runtime.h - what the library keeps for each vcore.  Not for programs.
 */
#pragma once

#include "abi/event.h"

/*
 * One look into a mailbox, on the stack of who looks.  A handler that does not
 * return leaves these behind: event_leave_handlers() walks them.
 */
struct drain {
	struct event_queue *ev_q;	/* null: the vcore's own mailboxes */
	struct drain	*outer;
};

struct vcore {
	/* Its own, in vcore context. */
	struct uthread	*current;	/* interrupted; context in the VCPD */
	struct drain	*drain;		/* the innermost */
	uint32_t	looks;		/* of vcore_relax() */
	/* Its own to write, read by event_quiesce(). */
	uint32_t	epoch;		/* odd inside handlers [quiesce] */
	/* Set up before the vcore first runs. */
	uint32_t	ready;
	struct event_queue *sysc_evq;	/* hears of calls that uthreads made */
} __attribute__((aligned(64)));

extern struct vcore vcores[MAX_VCORES];

/* The library cannot go on: say @why on descriptor 2 and end the process. */
void runtime_fail(const char *why) __attribute__((noreturn));

/* Have at least @n cores wanted, like vcore_request_total() but never less
 * than before.  0 or -errno; context as there. */
int vcore_want(uint32_t n);

/* Make vcore 0 ready to be entered.  0 or -ENOMEM. */
int vcore_prepare_first(void);

/* Does the program itself decide what runs, by vcore_set_entry()? */
bool vcore_is_raw(void);

/* Handle events and find something to run, for ever.  Context: vcore. */
void vcore_loop(void) __attribute__((noreturn));
