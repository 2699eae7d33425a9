/*
 * mbox.h - put a message into a mailbox in user memory.
 *
 * The consumers are user/lib/mbox.c and its neighbours.
 */
#pragma once

#include "abi/event.h"

struct proc;

/*
 * Put @msg into the mailbox at @u_mbox and count it as posted, and as
 * coalesced if it melted into one that was there already.  What does not fit
 * or makes no sense is refused and counted as that.
 *
 * True if the message is in the mailbox, whole and visible: what is done next
 * comes after it.  Wakes nobody.
 *
 * Context: kthread or routine message, @p's address space loaded; locks up to
 * RANK_SCHED may be held.
 */
bool post_ev_msg(struct proc *p, struct event_mbox *u_mbox,
		 const struct event_msg *msg);
