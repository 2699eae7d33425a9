/*
 * send_event.c - the one way in for a message to a process.
 *
 * Everything that an ev_q says is read once, here, and checked here.
 */
#include "event/event.h"

#include "arch/x86/irq.h"
#include "core/race.h"
#include "core/trace.h"
#include "event/delivery.h"
#include "event/indir.h"
#include "event/mbox.h"
#include "event/refuse.h"
#include "event/spam.h"
#include "event/vcmsg.h"
#include "lib/panic.h"
#include "mm/usercopy.h"
#include "proc/notify.h"
#include "proc/proc.h"
#include "proc/switch.h"
#include "proc/yield.h"
#include "sync/atomic.h"

/* What the kernel reads of an ev_q: the first fields of it. */
struct evq_snapshot {
	struct event_mbox *mbox;
	uint32_t	flags;
	uint32_t	alert_pending;	/* copied along; send_indir() looks */
	uint32_t	vcore;
	uint32_t	gen;
};
_Static_assert(sizeof(struct evq_snapshot) ==
	       offsetof(struct event_queue, ev_handler),
	       "struct evq_snapshot is the beginning of struct event_queue");

/*
 * The vcore after the one that the ev_q used last, of those online; the ev_q
 * is told.  A process that has none at this moment has vcore 0.  The map may
 * change meanwhile: it says who is preferred, and nothing is certain by it.
 */
static uint32_t next_vcore(struct delivery *d, uint32_t last)
{
	const struct vcore_map *map = d->p->procinfo->vcoremap;
	uint32_t max = d->p->max_vcores;
	uint32_t next = last % max;
	uint32_t left;

	for (left = max; left; left--) {
		next = (next + 1) % max;
		if (read_once(map[next].valid))
			break;
	}
	if (!left)
		next = 0;
	if (user_store32(&d->u_ev_q->ev_vcore, next))
		refuse(d->p, EVR_FAULT);
	return next;
}

/* May the process write all of the ev_q?  A word of it tells of its page; that
 * it lies on two is rare.  To add nothing is to ask and leave no trace. */
static bool evq_writable(struct event_queue *u)
{
	uint32_t *first = (uint32_t *)u, *last = (uint32_t *)(u + 1) - 1;
	uint32_t word;

	if (((uintptr_t)first ^ (uintptr_t)last) >= PAGE_SIZE &&
	    (user_fetch_add32(first, 0, &word) ||
	     user_fetch_add32(last, 0, &word)))
		return false;
	return !user_fetch_add32(&u->ev_alert_pending, 0, &word);
}

/* Fill in @d from the ev_q.  The reason to refuse it, or EVR_NR for none. */
static enum ev_refusal snapshot_evq(struct delivery *d)
{
	struct event_queue *u = d->u_ev_q;
	struct evq_snapshot evq;

	if (!user_range_ok((uintptr_t)u, sizeof(*u)) ||
	    copy_from_user(&evq, u, sizeof(evq)) || !evq_writable(u))
		return EVR_BAD_EVQ;
	d->u_mbox = evq.mbox;
	d->flags = evq.flags;
	d->gen = evq.gen;
	if (evq.flags & EVENT_ROUNDROBIN)
		d->vcoreid = next_vcore(d, evq.vcore);
	else if (!(evq.flags & EVENT_VCORE_APPRO))
		d->vcoreid = evq.vcore;
	return d->vcoreid < d->p->max_vcores ? EVR_NR : EVR_BAD_VCOREID;
}

/* Put the message into the ev_q's mailbox, or into the vcore's own. */
static bool post_evq_msg(const struct delivery *d)
{
	if (d->u_mbox)
		return post_ev_msg(d->p, d->u_mbox, d->msg);
	return post_vc_msg(d->p, d->vcoreid, d->flags, d->msg);
}

/*
 * Wake the process if it sleeps.  One that is just falling asleep sees
 * notif_pending, wherever the message itself lies: of any vcore if it has many,
 * else of its only one.  That is one of them if it is many-core by then, and it
 * never turns back.
 */
static void wake_receiver(const struct delivery *d)
{
	uint32_t looks = read_once(d->p->is_mcp) ? d->vcoreid : 0;

	write_once(vcpd_of(d->p, looks)->notif_pending, 1);
	/* Pending before state.  Pairs with full_fence() in
	 * proc/yield.c:scp_sleep_locked() [sleep-state].  Pairs with
	 * full_fence() in proc/yield.c:mcp_sleep_locked() [sleep-state]. */
	full_fence();
	race_point(WAKE_PENDING);
	if (read_once(d->p->state) == PROC_WAITING)
		proc_wakeup(d->p);
	race_point(WAKE_LOOKED);
}

/* The walk, in @d's address space. */
static void deliver(struct delivery *d)
{
	enum ev_refusal why;

	race_point(SEND_ENTER);
	why = snapshot_evq(d);
	if (why != EVR_NR) {
		refuse(d->p, why);
		return;
	}
	if (d->flags & EVENT_SPAM_PUBLIC) {
		spam_public_msg(d->p, d->vcoreid, d->flags, d->msg);
	} else {
		if (!post_evq_msg(d))
			return;
		if (d->flags & EVENT_INDIR)
			send_indir(d);
		else
			try_notify(d->p, d->vcoreid, d->flags);
	}
	if (d->flags & EVENT_WAKEUP)
		wake_receiver(d);
}

void send_event(struct proc *p, struct event_queue *u_ev_q,
		const struct event_msg *msg, uint32_t vcoreid)
{
	struct delivery d = {
		.p = p,
		.u_ev_q = u_ev_q,
		.msg = msg,
		.vcoreid = vcoreid,
	};
	struct aspace *old;

	assert(irqs_enabled());		/* never from an interrupt */
	if (!u_ev_q) {
		warn("null ev_q for process %u, message type %u", p->pid,
		     msg->ev_type);
		return;
	}
	if (proc_is_dying(p))
		return;
	trace(TRACE_SEND, p->pid, msg->ev_type);
	old = switch_to(p);
	deliver(&d);
	switch_back(old);
}

bool send_kernel_event(struct proc *p, const struct event_msg *msg,
		       uint32_t vcoreid)
{
	struct event_queue *u_ev_q;

	if (msg->ev_type >= MAX_NR_EVENT)
		return false;
	u_ev_q = read_once(p->procdata->kernel_evts[msg->ev_type]);
	if (!u_ev_q)
		return false;
	send_event(p, u_ev_q, msg, vcoreid);
	return true;
}

void post_vcore_event(struct proc *p, const struct event_msg *msg,
		      uint32_t vcoreid, uint32_t flags)
{
	struct aspace *old;

	if (proc_is_dying(p))
		return;
	if (vcoreid >= p->max_vcores) {
		refuse(p, EVR_BAD_VCOREID);
		return;
	}
	old = switch_to(p);
	post_vc_msg(p, vcoreid, flags, msg);
	switch_back(old);
}

bool send_posix_signal(struct proc *p, uint32_t signo)
{
	struct event_msg msg = {
		.ev_type = EV_POSIX_SIGNAL,
		.ev_arg1 = signo,
	};

	return send_kernel_event(p, &msg, 0);
}
