/*
 * preempt.c - take cores from whoever has them.
 *
 * To take a core is two steps.  Under the process lock the vcore goes offline
 * and the preemption is counted as sent: from then on nobody counts on the
 * vcore.  Its core, by message, saves the context and counts it as done.
 *
 * [preempt-count]  No vcore continues from a context that is not saved yet.
 *
 *   core that loses it              core that gets it
 *   the context, VC_PREEMPTED       until done == sent: wait
 *   done + 1   (release)            (acquire) the context
 *
 * The second core may be granted while the first has not yet read its message;
 * `sent` is what it was at the grant, for the second core may be preempted
 * again before it begins, and would then wait for itself.  The first core does
 * not wait: when a core is granted, it has saved what it had before.
 */
#include "proc/preempt.h"

#include "arch/x86/context.h"
#include "arch/x86/timer.h"
#include "core/core.h"
#include "core/race.h"
#include "core/trace.h"
#include "event/event.h"
#include "lib/panic.h"
#include "proc/cores.h"
#include "proc/proc.h"
#include "proc/sched.h"
#include "sync/atomic.h"

/* Take vcore @vcoreid off its core; the core is told.  Context: p->lock; the
 * vcore is online. */
static void preempt_locked(struct proc *p, uint32_t vcoreid,
			   struct list *list)
{
	struct vcore_map *map = &p->procinfo->vcoremap[vcoreid];
	struct list *link = &p->vcores[vcoreid].link;

	write_once(map->preempts_sent, map->preempts_sent + 1);
	vcore_offline(p, vcoreid);
	if (list) {
		list_remove(link);
		list_append(list, link);
	}
	kmsg_send(map->coreid, &core_of(map->coreid)->preempt);
}

static bool preempt_all_locked(struct proc *p)
{
	struct list *l;

	if (p->state != PROC_RUNNING_M)
		return false;
	while ((l = list_first(&p->online_vcs)))
		preempt_locked(p, vcoreid_of(p, list_entry(l, struct vcore,
							    link)),
			       &p->bulk_preempted_vcs);
	proc_set_state(p, PROC_RUNNABLE_M);
	return true;
}

static bool preempt_one_locked(struct proc *p, uint32_t vcoreid)
{
	if (p->state != PROC_RUNNING_M || vcoreid >= p->max_vcores ||
	    !p->procinfo->vcoremap[vcoreid].valid)
		return false;
	preempt_locked(p, vcoreid, NULL);
	if (list_empty(&p->online_vcs))
		proc_set_state(p, PROC_RUNNABLE_M);
	return true;
}

bool preempt_vcore(struct proc *p, uint32_t vcoreid)
{
	bool taken;

	spin_lock(&p->lock);
	taken = vcoreid == PREEMPT_ALL ? preempt_all_locked(p)
				       : preempt_one_locked(p, vcoreid);
	spin_unlock(&p->lock);
	return taken;
}

/* Is @vcoreid to come back with all the others?  Context: p->lock. */
static bool lost_in_bulk_locked(struct proc *p, uint32_t vcoreid)
{
	list_for_each(l, &p->bulk_preempted_vcs)
		if (l == &p->vcores[vcoreid].link)
			return true;
	return false;
}

void preempt_tell(struct proc *p, uint32_t vcoreid)
{
	struct event_msg msg = {
		.ev_type = EV_VCORE_PREEMPT,
		.ev_arg2 = vcoreid,
	};
	struct list *l;
	uint32_t listener = 0;
	bool told_later;

	spin_lock(&p->lock);
	l = list_first(&p->online_vcs);
	if (l)
		listener = vcoreid_of(p, list_entry(l, struct vcore, link));
	told_later = lost_in_bulk_locked(p, vcoreid);
	spin_unlock(&p->lock);
	/* With nobody online it is for the first to return, who need not be
	 * the vcore itself. */
	if (!told_later)
		send_kernel_event(p, &msg, listener);
}

/* This core's vcore has been taken: save it, and let the core go. */
static void preempt_save(struct core *core)
{
	struct proc *p = core->owner;
	uint32_t vcoreid = core->owner_vcoreid;
	struct vcore_map *map = &p->procinfo->vcoremap[vcoreid];
	uint32_t done = read_once(map->preempts_done);
	struct vcpd *vcpd = vcpd_of(p, vcoreid);

	context_save(read_once(vcpd->notif_disabled) ? &vcpd->vcore_ctx
						     : &vcpd->uthread_ctx,
		     core->ctx);
	atomic_fetch_or32(&vcpd->flags, VC_PREEMPTED);
	race_point(PREEMPT_SAVED);
	/* The context before the count.  Pairs with load_acquire() in
	 * proc/preempt.c:preempt_wait_saved() [preempt-count]. */
	store_release(&map->preempts_done, done + 1);
	trace(TRACE_PREEMPT, p->pid, vcoreid);
	proc_get(p);
	core_disown(core);
	preempt_tell(p, vcoreid);
	proc_put(p);
	sched_core_free(core->pc.coreid);
}

/* The preempt message: has this core's vcore been taken?  A stray one finds
 * another owner, a vcore that nobody took, or nobody. */
static void preempt_arrived(struct kmsg *msg)
{
	struct core *core = this_core();
	struct proc *p = core->owner;
	struct vcore_map *map;

	if (!p || !p->is_mcp || proc_is_dying(p))
		return;
	map = &p->procinfo->vcoremap[core->owner_vcoreid];
	if (read_once(map->preempts_sent) != read_once(map->preempts_done))
		preempt_save(core);
}

void preempt_wait_saved(struct proc *p, uint32_t vcoreid, uint32_t sent)
{
	struct vcore_map *map = &p->procinfo->vcoremap[vcoreid];

	/* The count before the context.  Pairs with store_release() in
	 * proc/preempt.c:preempt_save() [preempt-count].  A core that finds
	 * its process dying saves nothing, and ours will not enter it. */
	while ((int32_t)(load_acquire(&map->preempts_done) - sent) < 0 &&
	       !proc_is_dying(p))
		cpu_relax();
}

static bool preempt_scp(struct core *core, struct proc *p)
{
	bool left;

	spin_lock(&p->lock);
	left = p->state == PROC_RUNNING_S;
	if (left) {
		context_save(&p->scp_ctx, core->ctx);
		p->scp_saved = true;
		write_once(p->procinfo->vcoremap[0].valid, 0);
		write_once(p->procinfo->num_vcores, 0);
		proc_set_state(p, PROC_RUNNABLE_S);
		sched_scp_runnable(p);
	}
	spin_unlock(&p->lock);
	return left;
}

void preempt_here(void)
{
	struct core *core = this_core();
	struct proc *p = core->owner;

	if (p->is_mcp)
		preempt_vcore(p, core->owner_vcoreid);
	else if (preempt_scp(core, p))
		core_disown(core);
}

/* Note the deadline of one vcore, and tell its core.  False: it has none to
 * lose, or was warned of an earlier one.  Context: p->lock. */
static bool warn_locked(struct proc *p, uint32_t vcoreid, uint64_t deadline)
{
	struct vcore_map *map = &p->procinfo->vcoremap[vcoreid];

	if (!map->valid || (map->preempt_at && map->preempt_at <= deadline))
		return false;
	write_once(map->preempt_at, deadline);
	kmsg_send(map->coreid, &core_of(map->coreid)->warn);
	return true;
}

void preempt_warn(struct proc *p, uint32_t vcoreid, uint64_t ns)
{
	bool all = vcoreid == PREEMPT_ALL;
	uint64_t deadline = time_ns() + ns;
	struct event_msg msg = {
		.ev_type = all ? EV_GANG_PREEMPT_PENDING : EV_PREEMPT_PENDING,
		.ev_arg2 = vcoreid,
		.ev_arg4 = deadline,
	};
	bool warned = false;

	spin_lock(&p->lock);
	for (uint32_t v = 0; v < p->max_vcores && p->is_mcp; v++)
		if (all || v == vcoreid)
			warned |= warn_locked(p, v, deadline);
	spin_unlock(&p->lock);
	/* Nothing to one that is offline: it may never have been made ready. */
	if (warned)
		send_kernel_event(p, &msg, all ? 0 : vcoreid);
}

/* The deadline of this core's vcore, or 0. */
static uint64_t deadline_here(struct core *core)
{
	struct proc *p = core->owner;

	if (!p || !p->is_mcp)
		return 0;
	return read_once(p->procinfo->vcoremap[core->owner_vcoreid].preempt_at);
}

/* The time that a warning gave is over; it may be another vcore's by now. */
static void warn_over(struct alarm *alarm)
{
	struct core *core = this_core();
	uint64_t deadline = deadline_here(core);

	if (!deadline)
		return;
	if (deadline > time_ns())
		alarm_set(alarm, deadline, warn_over);
	else
		preempt_vcore(core->owner, core->owner_vcoreid);
}

/* The warn message: see that the deadline is kept. */
static void warn_arrived(struct kmsg *msg)
{
	struct core *core = this_core();
	uint64_t deadline = deadline_here(core);

	if (!deadline)
		return;
	alarm_cancel(&core->deadline);
	alarm_set(&core->deadline, deadline, warn_over);
}

/*
 * [preempt-stray]  No vcore that was taken or warned goes on without hearing.
 *
 *   sender                          this core
 *   (a message to it, for a process that died, is still queued)
 *   grant: queue start              stray: no owner, nothing to do
 *   take: queued already            start: the vcore is on the core
 *                                   taken? warned?
 *
 * The message came before what it was about; so the start looks, too.
 */
void preempt_started(struct core *core)
{
	preempt_arrived(&core->preempt);
	warn_arrived(&core->warn);
}

void preempt_init_core(struct core *core)
{
	kmsg_init(&core->preempt, KMSG_ROUTINE, preempt_arrived);
	kmsg_init(&core->warn, KMSG_ROUTINE, warn_arrived);
}
