/*
 * mbox.c - put a message into a mailbox in user memory.
 */
#include "event/mbox.h"

#include "core/trace.h"
#include "event/bitmap.h"
#include "event/ceq.h"
#include "event/refuse.h"
#include "event/ucq.h"
#include "mm/usercopy.h"
#include "proc/proc.h"
#include "sync/atomic.h"

/* What the posting functions answer. */
static bool mbox_account(struct proc *p, int result)
{
	if (result < 0) {
		refuse(p, -result - 1);
		return false;
	}
	trace(TRACE_POST, p->pid, result);
	atomic_inc64(&p->procinfo->posted);
	if (result == POST_COALESCED)
		atomic_inc64(&p->procinfo->coalesced);
	return true;
}

bool post_ev_msg(struct proc *p, struct event_mbox *u_mbox,
		 const struct event_msg *msg)
{
	uint32_t type;

	if (!user_range_ok((uintptr_t)u_mbox, sizeof(*u_mbox)) ||
	    user_load32(&u_mbox->type, &type))
		return mbox_account(p, POST_REFUSED(EVR_BAD_MBOX));
	switch (type) {
	case EV_MBOX_UCQ:
		return mbox_account(p, ucq_post(p, &u_mbox->ucq, msg));
	case EV_MBOX_BITMAP:
		return mbox_account(p, bitmap_post(&u_mbox->evbm, msg));
	case EV_MBOX_CEQ:
		return mbox_account(p, ceq_post(&u_mbox->ceq, msg));
	default:
		return mbox_account(p, POST_REFUSED(EVR_BAD_MBOX_TYPE));
	}
}
