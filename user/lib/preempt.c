/*
 * preempt.c - living with cores that are taken away.
 *
 * [steal]  No uthread runs twice.
 *
 *   thief, steal_uthread()          victim, restarted
 *   + STEALING   (one step)         kernel: - PREEMPTED  (one step)
 *   notif_disabled? leave it        at its entry: STEALING? wait
 *   PREEMPTED? take the uthread
 *   - STEALING                      or, stopped in vcore context:
 *                                   notif_disabled = 0, on to a uthread
 *                                   full_fence()
 *                                   STEALING? back, to the entry
 *
 * From the flag on, the victim may start, but comes to none of its uthreads'
 * own code.  So if it is seen unmasked, and after that without a core, then
 * its uthread is whole in the VCPD, and stays so until the flag goes.
 */
#include "preempt.h"

#include "abi/errno.h"
#include "atomic.h"
#include "event.h"
#include "evq.h"
#include "race.h"
#include "runtime.h"
#include "syscall.h"
#include "tls.h"
#include "uthread.h"
#include "vcore.h"

/* Looks of a waiting vcore between two looks for somebody to help. */
#define HELP_LOOKS	1000

/*
 * Set VC_UTHREAD_STEALING of a vcore that is preempted, in one step.  False: it
 * runs again, or somebody else is at it.
 */
static bool steal_begin(struct vcpd *vcpd)
{
	uint32_t flags;

	/* Ends when nobody else changes the word. */
	do {
		flags = read_once(vcpd->flags);
		if (!(flags & VC_PREEMPTED) || flags & VC_UTHREAD_STEALING)
			return false;
		/* Flag before our two looks.  Pairs with full_fence() in
		 * user/lib/vcore.c:unmask() [steal], and with mfence in
		 * user/lib/context.S:switch_enable() [steal]. */
	} while (!atomic_cas32(&vcpd->flags, flags,
			       flags | VC_UTHREAD_STEALING));
	return true;
}

/* May a uthread that was interrupted run elsewhere?  Not when it is about to
 * mask that vcore. */
static bool may_migrate(struct uthread *uth)
{
	return !uth || !read_once(uth->tcb->notif_depth);
}

/*
 * Take the uthread of preempted vcore @vcoreid in *@uth, null if it has none.
 * False: it runs again, or may not lose it: see *@masked.
 */
static bool steal_uthread(uint32_t vcoreid, struct uthread **uth, bool *masked)
{
	struct vcpd *vcpd = vcpd_of(vcoreid);
	struct vcore *vc = &vcores[vcoreid];
	bool stolen;

	*uth = NULL;
	*masked = false;
	if (!steal_begin(vcpd))
		return false;
	race_point(STEAL_BEGUN);
	/* In this order: see [steal]. */
	stolen = !read_once(vcpd->notif_disabled);
	if (read_once(vcpd->flags) & VC_PREEMPTED) {
		stolen = stolen && may_migrate(vc->current);
		*masked = !stolen;
	} else {
		stolen = false;
	}
	if (stolen && vc->current) {
		*uth = vc->current;
		(*uth)->ctx = vcpd->uthread_ctx;
		vc->current = NULL;
	}
	race_point(STEAL_TAKEN);
	atomic_fetch_and32(&vcpd->flags, ~(uint32_t)VC_UTHREAD_STEALING);
	return stolen;
}

/*
 * Turn this core into vcore @vcoreid.  What we were doing is not continued, so
 * our uthread goes to the scheduler, and our messages to whoever we become.  If
 * that is not possible, or not any more, this vcore starts over.
 */
static void __attribute__((noreturn)) become(uint32_t vcoreid)
{
	struct event_msg again = {
		.ev_type = EV_VCORE_PREEMPT,
		.ev_arg2 = vcoreid,
	};
	struct uthread *uth = detach_current_uthread();

	event_leave_handlers();
	if (uth)
		sched_get()->runnable(uth);
	/* Our own core is about to go: then it is for whoever finds this. */
	if (syscall_call(SYS_change_vcore, vcoreid, true, 0, 0, 0) == -EAGAIN &&
	    send_self_vc_msg(&again))
		runtime_fail("cannot send a message to myself");
	vcore_reenter(vcore_loop);
}

/* Stop others from posting to a preempted vcore's public mailbox, and read
 * what is there.  False: it runs again and reads for itself. */
static bool take_messages(uint32_t vcoreid)
{
	struct vcpd *vcpd = vcpd_of(vcoreid);
	uint32_t flags;

	/* Ends when nobody else changes the word. */
	do {
		flags = read_once(vcpd->flags);
		if (!(flags & VC_PREEMPTED))
			return false;
	} while (flags & VC_CAN_RCV_MSG &&
		 !atomic_cas32(&vcpd->flags, flags,
			       flags & ~(uint32_t)VC_CAN_RCV_MSG));
	handle_vcpd_mbox(vcoreid);
	return true;
}

/* One try.  False: there was nothing to recover, or somebody else is at it. */
static bool recover_once(uint32_t vcoreid)
{
	struct uthread *uth;
	bool masked;

	if (steal_uthread(vcoreid, &uth, &masked)) {
		if (uth)
			sched_get()->runnable(uth);
		take_messages(vcoreid);
		return true;
	}
	if (masked)
		become(vcoreid);
	return false;
}

/* Is @vcoreid preempted, and nobody at it? */
static bool is_left_alone(uint32_t vcoreid)
{
	uint32_t flags = read_once(vcpd_of(vcoreid)->flags);

	return (flags & (VC_PREEMPTED | VC_UTHREAD_STEALING)) == VC_PREEMPTED;
}

void vcore_recover(uint32_t vcoreid)
{
	if (vcoreid >= max_vcores() || vcoreid == vcore_id())
		return;
	/* Who took the scheduler's place would not find what we take. */
	if (vcore_is_raw()) {
		take_messages(vcoreid);
		return;
	}
	/* It may have come back as we looked, and be lost again as we left;
	 * who was told of that found us at it.  Ends unless it is taken as
	 * often as we look. */
	while (!recover_once(vcoreid) && is_left_alone(vcoreid))
		;
}

void vcore_wait_stealing(uint32_t vcoreid)
{
	struct vcpd *vcpd = vcpd_of(vcoreid);

	while (read_once(vcpd->flags) & VC_UTHREAD_STEALING)
		vcore_relax();
}

/* Let a vcore that was preempted with notifications masked go on, in place of
 * us, who are waiting; we come back as if preempted here.  The next in turn:
 * two who wait for a third must not help each other for ever. */
static void help_somebody(void)
{
	uint32_t n = max_vcores();
	uint32_t self = vcore_id();

	for (uint32_t i = 1; i < n; i++) {
		uint32_t v = (self + i) % n;
		struct vcpd *vcpd = vcpd_of(v);

		if (!(read_once(vcpd->flags) & VC_PREEMPTED) ||
		    !read_once(vcpd->notif_disabled))
			continue;
		if (!syscall_call(SYS_change_vcore, v, false, 0, 0, 0))
			return;
	}
}

void vcore_relax(void)
{
	struct vcore *vc = &vcores[vcore_id()];

	cpu_relax();
	if (++vc->looks % HELP_LOOKS == 0 && procinfo->is_mcp)
		help_somebody();
}

/* arg2: the vcore that was preempted, or that has become another one. */
static void on_vcore_preempt(struct event_msg *msg, unsigned int ev_type,
			     void *data)
{
	vcore_recover(msg->ev_arg2);
}

/* Is our core about to be taken? */
static bool is_warned(void)
{
	return !vcore_is_raw() &&
	       read_once(procinfo->vcoremap[vcore_id()].preempt_at);
}

void vcore_heed_warning(void)
{
	struct uthread *uth;

	if (!is_warned())
		return;
	uth = detach_current_uthread();
	if (uth)
		sched_get()->runnable(uth);
	else if (current_uthread())
		return;			/* pinned: it comes back to us */
	/* What comes as we leave is handled first, and was perhaps the message
	 * of this warning.  Ends with the warning, at its deadline at last. */
	do {
		vcore_yield(true);
	} while (is_warned());
}

/* Have messages of @ev_type sent as @flags say, to @handler; null: it is enough
 * that one comes. */
static int hear_of(unsigned int ev_type, uint32_t flags,
		   handle_event_t handler)
{
	struct event_queue *ev_q = get_eventq_slim();
	int err = 0;

	if (!ev_q)
		return -ENOMEM;
	ev_q->ev_flags = flags;
	if (handler)
		err = register_ev_handler(ev_type, handler, NULL);
	return err ? err : register_kevent_q(ev_q, ev_type);
}

int preempt_init(void)
{
	uint32_t spam = EVENT_IPI | EVENT_SPAM_PUBLIC | EVENT_VCORE_APPRO |
			EVENT_VCORE_MUST_RUN | EVENT_WAKEUP;
	int err = hear_of(EV_VCORE_PREEMPT, spam, on_vcore_preempt);

	if (!err)
		err = hear_of(EV_CHECK_MSGS, spam, on_vcore_preempt);
	/* All that this one says, vcore_heed_warning() finds in the map. */
	if (!err)
		err = hear_of(EV_PREEMPT_PENDING, EVENT_IPI |
			      EVENT_VCORE_PRIVATE | EVENT_VCORE_APPRO, NULL);
	return err;
}
