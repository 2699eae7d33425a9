/*
 * yield.c - a vcore gives up its core, and how a sleeping process wakes.
 *
 * [yield-list]  Nobody leaves with a message.
 *
 *   sender, spam.c                 vcore, yield_mcp()
 *   message, notif_pending = 1     off the online list and the map
 *   full_fence()                   full_fence()
 *   still head of the list?        notif_pending?
 *   (or: still on the map?)
 *
 * [sleep-state]  Nobody sleeps on a message.
 *
 *   sender, send_event()           last vcore, or an SCP
 *   notif_pending = 1              state = WAITING
 *   full_fence()                   full_fence()
 *   state == WAITING? wake it      notif_pending? do not sleep
 *
 * In both, each side writes and then looks at what the other wrote; the
 * fences forbid that both see the old value.
 */
#include "proc/yield.h"

#include "arch/x86/context.h"
#include "core/core.h"
#include "core/race.h"
#include "core/trace.h"
#include "lib/panic.h"
#include "proc/cores.h"
#include "proc/notify.h"
#include "proc/proc.h"
#include "proc/sched.h"
#include "sync/atomic.h"

/*
 * Make @p's SCP wait.  False: something came, and it runs as before.  Then it
 * takes what came by itself, unless it cannot enter vcore context yet: for that
 * one the flag goes down here.  Context: p->lock.
 */
static bool scp_sleep_locked(struct proc *p, struct vcpd *vcpd)
{
	assert(spin_held(&p->lock));
	race_point(SLEEP_ENTER);
	proc_set_state(p, PROC_WAITING);
	/* State before pending.  Pairs with full_fence() in
	 * event/send_event.c:wake_receiver() [sleep-state]. */
	full_fence();
	race_point(SLEEP_WAITING);
	if (!read_once(vcpd->notif_pending))
		return true;
	proc_set_state(p, PROC_RUNNING_S);
	/* Nobody else clears it for one that has no vcore context yet. */
	if (read_once(vcpd->flags) & VC_SCP_NOVCCTX)
		write_once(vcpd->notif_pending, 0);
	return false;
}

/* The SCP on this core leaves it in state RUNNABLE_S or WAITING. */
static bool yield_scp(struct core *core, struct proc *p, bool being_nice)
{
	struct vcpd *vcpd = vcpd_of(p, 0);

	if (p->state != PROC_RUNNING_S)
		return false;
	if (!being_nice && !scp_sleep_locked(p, vcpd))
		return false;
	p->scp_saved = !read_once(vcpd->notif_disabled);
	if (p->scp_saved)
		context_save(&p->scp_ctx, core->ctx);
	write_once(p->procinfo->vcoremap[0].valid, 0);
	write_once(p->procinfo->num_vcores, 0);
	if (being_nice) {
		proc_set_state(p, PROC_RUNNABLE_S);
		sched_scp_runnable(p);
	}
	return true;
}

/*
 * The last vcore of @p is gone.  What wakes a process may have been meant for
 * any of its vcores, so look at all of them; one that has something pending
 * becomes the next to start, and the process does not sleep.  One that the
 * program has never made ready cannot start, nor clear its flag: for it any
 * other will do.
 *
 * Context: p->lock.
 */
static void mcp_sleep_locked(struct proc *p)
{
	assert(spin_held(&p->lock));
	race_point(SLEEP_ENTER);
	proc_set_state(p, PROC_WAITING);
	/* State before pending.  Pairs with full_fence() in
	 * event/send_event.c:wake_receiver() [sleep-state]. */
	full_fence();
	race_point(SLEEP_WAITING);
	for (uint32_t v = 0; v < p->max_vcores; v++) {
		struct vcpd *vcpd = vcpd_of(p, v);

		if (!read_once(vcpd->notif_pending))
			continue;
		proc_set_state(p, PROC_RUNNABLE_M);
		if (read_once(vcpd->vcore_entry)) {
			list_remove(&p->vcores[v].link);
			list_prepend(&p->inactive_vcs, &p->vcores[v].link);
		} else {
			write_once(vcpd->notif_pending, 0);
		}
		return;
	}
}

/*
 * Is there a reason for vcore @vcoreid to keep its core?  Its process is not
 * running any more; the core will be taken anyway; it is only being nice, and
 * nobody has warned it; or else, all cores are wanted, or something is pending.
 */
static bool mcp_stays(struct proc *p, uint32_t vcoreid, bool being_nice)
{
	struct vcore_map *map = &p->procinfo->vcoremap[vcoreid];

	if (p->state != PROC_RUNNING_M)
		return true;
	if (map->preempts_sent != read_once(map->preempts_done))
		return true;		/* the core will be taken anyway */
	if (being_nice)
		return !map->preempt_at;
	if (read_once(p->procdata->cores_wanted) >= p->procinfo->num_vcores)
		return true;
	return read_once(vcpd_of(p, vcoreid)->notif_pending);
}

/*
 * The MCP's vcore on this core goes offline, if nothing keeps it, and looks
 * once more: with something pending it goes back online.  Once it is gone
 * nothing is masked on it.  With the last one the process sleeps or, if that
 * was only nice, wants to run on; nobody is lost in bulk while there is one.
 * False: it stays.
 */
static bool yield_mcp(struct core *core, struct proc *p, bool being_nice)
{
	uint32_t vcoreid = core->owner_vcoreid;
	struct vcpd *vcpd = vcpd_of(p, vcoreid);
	uint32_t flags;

	if (mcp_stays(p, vcoreid, being_nice))
		return false;
	race_point(YIELD_ENTER);
	/* It has said so itself; but if it lost its core after that and came
	 * back, the restart has said that it reads again. */
	flags = atomic_fetch_and32(&vcpd->flags, ~(uint32_t)VC_CAN_RCV_MSG);
	vcore_offline(p, vcoreid);
	/* Off list and map before pending.  Pairs with full_fence() in
	 * event/vcmsg.c:post_vc_msg() [yield-list]. */
	full_fence();
	race_point(YIELD_OFFLINE);
	if (read_once(vcpd->notif_pending)) {
		vcore_stay(p, vcoreid);
		atomic_fetch_or32(&vcpd->flags, flags & VC_CAN_RCV_MSG);
		return false;
	}
	write_once(vcpd->notif_disabled, 0);	/* nothing runs to be masked */
	if (!list_empty(&p->online_vcs))
		return true;
	if (being_nice)
		proc_set_state(p, PROC_RUNNABLE_M);
	else
		mcp_sleep_locked(p);
	return true;
}

void proc_yield(bool being_nice)
{
	struct core *core = this_core();
	struct proc *p = core->owner;
	bool left;

	spin_lock(&p->lock);
	left = p->is_mcp ? yield_mcp(core, p, being_nice)
			 : yield_scp(core, p, being_nice);
	if (left && p->state == PROC_WAITING)
		trace(TRACE_SLEEP, p->pid, 0);
	spin_unlock(&p->lock);
	if (!left) {
		/* What it stays for may have come while it looked gone. */
		notify_look(NULL);
		return;
	}
	race_point(YIELD_LEFT);
	trace(TRACE_YIELD, p->pid, core->owner_vcoreid);
	core_disown(core);
	sched_core_free(core->pc.coreid);
}

/* Whoever finds it waiting makes it runnable and counts that.  The scheduler is
 * told of an SCP under the lock; for an MCP it is poked, after it. */
void proc_wakeup(struct proc *p)
{
	bool mcp = false;

	spin_lock(&p->lock);
	if (p->state == PROC_WAITING) {
		trace(TRACE_WAKEUP, p->pid, 0);
		mcp = p->is_mcp;
		proc_set_state(p, mcp ? PROC_RUNNABLE_M : PROC_RUNNABLE_S);
		atomic_inc64(&p->procinfo->wakeups);
		if (!mcp)
			sched_scp_runnable(p);
	}
	spin_unlock(&p->lock);
	if (mcp)
		sched_poke();
}
