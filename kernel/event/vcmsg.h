/*
 * vcmsg.h - a message into a vcore's own mailboxes.
 *
 * Context, all: kthread or routine message; @p's address space loaded; the id
 * is below max_vcores; locks up to RANK_SCHED may be held.
 */
#pragma once

#include "abi/event.h"

struct proc;

/* The VCPD mailbox of @vcoreid, as the user sees it: the private one with
 * EVENT_VCORE_PRIVATE in @flags, else the public one. */
struct event_mbox *get_vcpd_mbox(uint32_t vcoreid, uint32_t flags);

/*
 * Post @msg to @vcoreid's VCPD mailbox and set its notif_pending.  Afterwards
 * a vcore that is about to leave sees the one or the other, or the caller, who
 * looks next, sees that it left.  False if the message was refused.
 *
 * Wakes nobody.
 */
bool post_vc_msg(struct proc *p, uint32_t vcoreid, uint32_t flags,
		 const struct event_msg *msg);

/* Interrupt @vcoreid if EVENT_IPI is in @flags and it is on a core. */
void try_notify(struct proc *p, uint32_t vcoreid, uint32_t flags);
