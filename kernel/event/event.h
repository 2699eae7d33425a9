/*
 * event.h - messages to processes: what the rest of the kernel calls.
 *
 * The walk of a message goes down through these files and never back up:
 *
 *   send_event.c   snapshot the ev_q, choose the vcore
 *   mbox.c         put the message into the mailbox
 *     ucq.c bitmap.c ceq.c
 *   indir.c        send "look at that ev_q"
 *   spam.c         find a vcore that is certain to look
 *   vcmsg.c        a VCPD's mailbox, then its notif_pending
 *   proc/notify.c, core/kmsg.c
 *
 * Context, all functions here: kthread or routine message, never an interrupt;
 * the caller holds a reference to @p and no lock.  Any address space may be
 * loaded; it is again afterwards.
 */
#pragma once

#include "abi/event.h"

struct proc;

/*
 * Deliver @msg as the event queue at @u_ev_q, in @p's memory, says.  @vcoreid
 * is our suggestion, for EVENT_VCORE_APPRO.  A bad ev_q is the process's loss:
 * it is counted, and nothing is sent.
 */
void send_event(struct proc *p, struct event_queue *u_ev_q,
		const struct event_msg *msg, uint32_t vcoreid);

/* Deliver @msg to the ev_q that @p registered for its type, if it did.  False
 * if it did not, so that the caller can do what happens by default. */
bool send_kernel_event(struct proc *p, const struct event_msg *msg,
		       uint32_t vcoreid);

/* Put @msg straight into a mailbox of @vcoreid's VCPD, the private one with
 * EVENT_VCORE_PRIVATE in @flags, and set its notif_pending.  To interrupt it is
 * for the caller. */
void post_vcore_event(struct proc *p, const struct event_msg *msg,
		      uint32_t vcoreid, uint32_t flags);

/* EV_POSIX_SIGNAL with arg1 = @signo, if @p registered for it. */
bool send_posix_signal(struct proc *p, uint32_t signo);
