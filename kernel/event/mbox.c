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

/* POST_* of post.h. */
static int mbox_post(struct proc *p, struct event_mbox *u_mbox,
		     const struct event_msg *msg)
{
	uint32_t type;

	if (!user_range_ok((uintptr_t)u_mbox, sizeof(*u_mbox)) ||
	    user_load32(&u_mbox->type, &type))
		return POST_REFUSED(EVR_BAD_MBOX);
	switch (type) {
	case EV_MBOX_UCQ:
		return ucq_post(p, &u_mbox->ucq, msg);
	case EV_MBOX_BITMAP:
		return bitmap_post(&u_mbox->evbm, msg);
	case EV_MBOX_CEQ:
		return ceq_post(&u_mbox->ceq, msg);
	default:
		return POST_REFUSED(EVR_BAD_MBOX_TYPE);
	}
}

bool post_ev_msg(struct proc *p, struct event_mbox *u_mbox,
		 const struct event_msg *msg)
{
	int result = mbox_post(p, u_mbox, msg);

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
