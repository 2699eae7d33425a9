/*
 * blockon.h - a uthread waits for a message, in any of several ev_qs.
 *
 * The messages of such an ev_q are not handled where they come: they stay in
 * its mailbox until a uthread takes them, which may be long after.  Each is
 * taken once, and those of a UCQ in their order.  Any number of uthreads may
 * wait on one ev_q, and one uthread on several.
 *
 * For a system call with a time limit: submit it, register_evq() it with such
 * an ev_q, wait; and if the time is over, sys_abort() it and wait again, for a
 * call that was aborted is completed too.
 */
#pragma once

#include "abi/event.h"

/* How many ev_qs one wait can be for, and a deadline for no deadline. */
#define BLOCKON_MAX	16
#define BLOCKON_EVER	UINT64_MAX

/*
 * An ev_q to wait on, with a mailbox of its own (EV_MBOX_*), that any vcore
 * hears of at once.  ev_flags may be changed, but EVENT_INDIR stays;
 * ev_handler and ev_udata are taken.  Null without memory.  Context: any.
 */
struct event_queue *get_eventq_blockon(uint32_t mbox_type);

/* Nobody waits on @ev_q any more; what it holds is lost.  See evq.h. */
void put_eventq_blockon(struct event_queue *ev_q);

/*
 * Take a message, from the first of the @nr queues at @evqs that has one; if
 * none has, block the calling uthread until one comes, or until @deadline on
 * clock_ns().  It goes to *@msg, and which ev_q it was in to *@which (may be
 * null).
 *
 * 0; -ETIMEDOUT, and then no message was taken; -EINVAL for @nr; -ENOMEM or
 * -EAGAIN without an alarm.  Context: uthread, notifications enabled.
 */
int uth_blockon_evqs(struct event_msg *msg, struct event_queue **which,
		     struct event_queue *const evqs[], unsigned int nr,
		     uint64_t deadline);
