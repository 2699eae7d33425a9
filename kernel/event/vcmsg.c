/*
 * vcmsg.c - a message into a vcore's own mailboxes.
 *
 * [post-drain]  No message stays behind a notif_pending that is clear.
 *
 *   sender, post_vc_msg()        vcore, handle_events()
 *   message                      notif_pending = 0
 *   notif_pending = 1            full_fence()
 *                                drain both mailboxes
 *
 * A vcore that clears our flag drains after that, and our message was there
 * before it.  Without its fence the drain may come first.
 */
#include "event/vcmsg.h"

#include "core/race.h"
#include "event/mbox.h"
#include "proc/notify.h"
#include "proc/proc.h"
#include "sync/atomic.h"

struct event_mbox *get_vcpd_mbox(uint32_t vcoreid, uint32_t flags)
{
	struct vcpd *u_vcpd = u_vcpd_of(vcoreid);

	return flags & EVENT_VCORE_PRIVATE ? &u_vcpd->mbox_private
					   : &u_vcpd->mbox_public;
}

bool post_vc_msg(struct proc *p, uint32_t vcoreid, uint32_t flags,
		 const struct event_msg *msg)
{
	if (!post_ev_msg(p, get_vcpd_mbox(vcoreid, flags), msg))
		return false;
	race_point(VCMSG_POSTED);
	/* Message before flag.  Pairs with full_fence() in
	 * user/lib/event.c:handle_events() [post-drain]. */
	store_release(&vcpd_of(p, vcoreid)->notif_pending, 1);
	/* Both before the caller's look at whether the vcore still reads.
	 * Pairs with full_fence() in user/lib/vcore.c:vcore_yield()
	 * [yield-look].  Pairs with full_fence() in
	 * proc/yield.c:yield_mcp() [yield-list]. */
	full_fence();
	return true;
}

void try_notify(struct proc *p, uint32_t vcoreid, uint32_t flags)
{
	if (flags & EVENT_IPI)
		proc_notify(p, vcoreid);
}
