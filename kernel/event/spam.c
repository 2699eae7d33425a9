/*
 * spam.c - get a message to some vcore that will look at it.
 *
 * A vcore may leave at any moment without a lock of ours.  So we post first
 * and look afterwards whether it was still going to read; if it was not, the
 * message was posted in vain, and we try another.  Where nobody stands still
 * long enough, the process lock ends the chase.
 *
 * [yield-look]  Nobody stops reading with a message unread.
 *
 *   sender, try_spam_vcore()          vcore, vcore_yield()
 *   message, notif_pending = 1        clear VC_CAN_RCV_MSG
 *   full_fence()  in post_vc_msg()    full_fence()
 *   VC_CAN_RCV_MSG still set?         messages?
 *
 * The list's head takes the flag's place in spam_list_member(): see
 * [yield-list] in proc/yield.c.
 *
 * The one vcore of a single-core process always reads, until it is one of
 * many.  So there, too, we look afterwards: if the process is not many-core
 * yet, vcore 0 has still to start as one of many, and reads the message then.
 */
#include "event/spam.h"

#include "core/race.h"
#include "core/trace.h"
#include "event/vcmsg.h"
#include "proc/proc.h"
#include "sync/atomic.h"

/* The head of a list may change under us this often before we give up. */
#define SPAM_ROUNDS	11

/* Will someone read this vcore's public mailbox?  A peek. */
static bool can_msg_vcore(struct proc *p, uint32_t vcoreid)
{
	return read_once(vcpd_of(p, vcoreid)->flags) & VC_CAN_RCV_MSG;
}

/* Someone will, from now on: it is the next to start.  Context: p->lock. */
static void set_vcore_msgable(struct proc *p, uint32_t vcoreid)
{
	atomic_fetch_or32(&vcpd_of(p, vcoreid)->flags, VC_CAN_RCV_MSG);
}

/* Is it on a core?  A peek. */
static bool vcore_is_mapped(struct proc *p, uint32_t vcoreid)
{
	return read_once(p->procinfo->vcoremap[vcoreid].valid);
}

bool spam_vcore(struct proc *p, uint32_t vcoreid, uint32_t flags,
		const struct event_msg *msg)
{
	trace(TRACE_SPAM, p->pid, vcoreid);
	if (!post_vc_msg(p, vcoreid, 0, msg))
		return false;
	try_notify(p, vcoreid, flags);
	return true;
}

/* Spam @vcoreid while it reads.  True: it will see the message. */
static bool try_spam_vcore(struct proc *p, uint32_t vcoreid, uint32_t flags,
			   const struct event_msg *msg)
{
	if (!can_msg_vcore(p, vcoreid))
		return false;
	race_point(SPAM_CHOSEN);
	if (!spam_vcore(p, vcoreid, flags, msg))
		return false;
	race_point(SPAM_POSTED);
	return can_msg_vcore(p, vcoreid);
}

/*
 * The same for a vcore that is on a core, for messages that must run.
 * Leaving the core comes after leaving the list, so the same pair holds.
 */
static bool try_spam_mapped(struct proc *p, uint32_t vcoreid, uint32_t flags,
			    const struct event_msg *msg)
{
	if (!vcore_is_mapped(p, vcoreid))
		return false;
	return spam_vcore(p, vcoreid, flags, msg) &&
	       vcore_is_mapped(p, vcoreid);
}

/*
 * Spam the head of @list.  True: it was still there afterwards, so it will see
 * the message; false is always safe.
 *
 * No lock: the head that we read is some vcore of @p whatever happens, and if
 * it is not the head any more we find that out.
 */
static bool spam_list_member(struct proc *p, struct list *list,
			     uint32_t flags, const struct event_msg *msg)
{
	for (int i = 0; i < SPAM_ROUNDS; i++) {
		struct list *head = read_once(list->next);
		struct vcore *vc = list_entry(head, struct vcore, link);

		if (head == list)
			return false;
		race_point(SPAM_HEAD_CHOSEN);
		if (!spam_vcore(p, vcoreid_of(p, vc), flags, msg))
			return false;
		race_point(SPAM_HEAD_POSTED);
		if (read_once(list->next) == head)
			return true;
		cpu_relax_bounded();
	}
	return false;
}

/* The head of the inactive list, if it has been promised to read. */
static bool spam_next_to_start(struct proc *p, uint32_t flags,
			       const struct event_msg *msg)
{
	struct list *head = read_once(p->inactive_vcs.next);
	struct vcore *vc = list_entry(head, struct vcore, link);

	if (head == &p->inactive_vcs)
		return false;
	return try_spam_vcore(p, vcoreid_of(p, vc), flags, msg);
}

/*
 * The vcore that is certain to run first: one that is online, or one that was
 * lost with all others.  There is none if @p sleeps, and perhaps if it does
 * not: then the inactive one that starts next, and *@starts, for until then it
 * reads nothing.  Context: p->lock.
 */
static struct vcore *vcore_first_to_look(struct proc *p, bool *starts)
{
	struct list *l = NULL;

	*starts = false;
	if (p->state != PROC_WAITING) {
		l = list_first(&p->online_vcs);
		if (!l)
			l = list_first(&p->bulk_preempted_vcs);
	}
	if (!l) {
		l = list_first(&p->inactive_vcs);
		*starts = true;
	}
	return list_entry(l, struct vcore, link);
}

/* With the process lock, nobody moves: spam the vcore that is first to look.
 * One that has yet to start reads from now on, as far as others can see. */
static void spam_fallback(struct proc *p, uint32_t flags,
			  const struct event_msg *msg)
{
	uint32_t vcoreid;
	bool starts;

	race_point(SPAM_FALLBACK);
	spin_lock(&p->lock);
	vcoreid = vcoreid_of(p, vcore_first_to_look(p, &starts));
	if (starts)
		set_vcore_msgable(p, vcoreid);
	spam_vcore(p, vcoreid, flags, msg);
	spin_unlock(&p->lock);
}

/* Only a vcore on a core will do: the wanted one, else one that is online. */
static bool spam_must_run(struct proc *p, uint32_t vcoreid, uint32_t flags,
			  const struct event_msg *msg)
{
	return try_spam_mapped(p, vcoreid, flags, msg) ||
	       spam_list_member(p, &p->online_vcs, flags, msg);
}

/* The wanted vcore, if it reads; else one that is online, one that was lost
 * with all others, or the next to start.  A process that sleeps has none of
 * these. */
static bool spam_any(struct proc *p, uint32_t vcoreid, uint32_t flags,
		     const struct event_msg *msg)
{
	if (try_spam_vcore(p, vcoreid, flags, msg))
		return true;
	/* A peek: if it sleeps a moment later, the lists are empty. */
	if (read_once(p->state) == PROC_WAITING)
		return false;
	return spam_list_member(p, &p->online_vcs, flags, msg) ||
	       spam_list_member(p, &p->bulk_preempted_vcs, flags, msg) ||
	       spam_next_to_start(p, flags, msg);
}

/* Whoever is not reached without the process lock is reached with it. */
void spam_public_msg(struct proc *p, uint32_t vcoreid, uint32_t flags,
		     const struct event_msg *msg)
{
	bool sent;

	/* An SCP has one vcore, and if it still is one, that will look. */
	if (!read_once(p->is_mcp)) {
		spam_vcore(p, 0, flags, msg);
		if (!read_once(p->is_mcp))
			return;
	}
	sent = flags & EVENT_VCORE_MUST_RUN ?
		spam_must_run(p, vcoreid, flags, msg) :
		spam_any(p, vcoreid, flags, msg);
	if (!sent)
		spam_fallback(p, flags, msg);
}
