/*
 * indir.c - "look at that event queue".
 *
 * [alert]  No message lies in an ev_q that nobody looks at.
 *
 *   sender, send_indir()         vcore, the EV_EVENT handler
 *   message in the mailbox       ev_alert_pending = 0
 *   full_fence()                 full_fence()
 *   ev_alert_pending?            drain the mailbox
 *   set: one is on its way
 *
 * Without either fence the sender may still read the flag that the vcore has
 * cleared, and the vcore miss the message.
 */
#include "event/indir.h"

#include "core/race.h"
#include "core/trace.h"
#include "event/refuse.h"
#include "event/spam.h"
#include "mm/usercopy.h"
#include "proc/proc.h"
#include "sync/atomic.h"

/*
 * Is an indirection on its way?  If not, one is from now on.  Those that are
 * saved are counted; with EVENT_NOTHROTTLE none is.  For an ev_q that is not
 * there any more the answer is yes, and that is a refusal.
 */
static bool indir_throttled(const struct delivery *d)
{
	uint32_t *u_alert = &d->u_ev_q->ev_alert_pending;
	uint32_t pending = 0;

	/* Mailbox before alert.  Pairs with full_fence() in
	 * user/lib/event.c:handle_event_q() [alert]. */
	full_fence();
	race_point(INDIR_POSTED);
	if (!(d->flags & EVENT_NOTHROTTLE)) {
		if (user_load32(u_alert, &pending))
			goto gone;
		if (pending) {
			race_point(INDIR_THROTTLED);
			atomic_inc64(&d->p->procinfo->throttled);
			return true;
		}
	}
	if (!user_store32(u_alert, 1))
		return false;
gone:
	refuse(d->p, EVR_FAULT);
	return true;
}

/* Nothing is on its way: the next sender shall try again, when the vcore may
 * have a mailbox. */
static void indir_refused(const struct delivery *d)
{
	if (user_store32(&d->u_ev_q->ev_alert_pending, 0))
		refuse(d->p, EVR_FAULT);
}

/* EV_EVENT names the ev_q and its generation.  It goes to the public mailbox of
 * the chosen vcore; with EVENT_SPAM_INDIR to one that will look. */
void send_indir(const struct delivery *d)
{
	struct event_msg look = {
		.ev_type = EV_EVENT,
		.ev_arg2 = d->gen,
		.ev_arg3 = d->u_ev_q,
	};

	if (indir_throttled(d))
		return;
	trace(TRACE_INDIR, d->p->pid, d->vcoreid);
	atomic_inc64(&d->p->procinfo->indirs);
	if (d->flags & EVENT_SPAM_INDIR)
		spam_public_msg(d->p, d->vcoreid, d->flags, &look);
	else if (!spam_vcore(d->p, d->vcoreid, d->flags, &look))
		indir_refused(d);
}
