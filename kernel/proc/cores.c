/*
 * cores.c - a process and its cores.
 *
 * An MCP's vcores come onto the online list and the map, and leave both, here,
 * under p->lock.  preempt.c puts those lost in bulk onto a list of their own,
 * yield.c brings the next to start to the head of the inactive one.  Senders
 * peek at lists and map without the lock.
 */
#include "proc/cores.h"

#include "core/core.h"
#include "event/event.h"
#include "lib/panic.h"
#include "mm/aspace.h"
#include "proc/preempt.h"
#include "proc/proc.h"
#include "proc/sched.h"
#include "sync/atomic.h"

static void vcore_map_to(struct proc *p, struct vcore *vc, uint32_t coreid)
{
	struct vcore_map *map = &p->procinfo->vcoremap[vcoreid_of(p, vc)];

	list_append(&p->online_vcs, &vc->link);
	map->coreid = coreid;
	write_once(map->valid, 1);
	write_once(p->procinfo->num_vcores, p->procinfo->num_vcores + 1);
}

/* The vcore that is next to start, off its list; NULL if all are online. */
static struct vcore *vcore_next_to_start(struct proc *p)
{
	struct list *l = list_pop(&p->bulk_preempted_vcs);

	if (!l)
		l = list_pop(&p->inactive_vcs);
	return l ? list_entry(l, struct vcore, link) : NULL;
}

static void vcore_online(struct proc *p, struct vcore *vc, uint32_t coreid)
{
	struct core *core = core_of(coreid);
	struct vcore_map *map = &p->procinfo->vcoremap[vcoreid_of(p, vc)];

	write_once(map->preempt_at, 0);	/* a deadline is of the core before */
	vcore_map_to(p, vc, coreid);
	proc_hold(p);
	core->start_proc = p;
	core->start_vcoreid = vcoreid_of(p, vc);
	core->start_sent = map->preempts_sent;
	kmsg_send(coreid, &core->start);
}

/* Put vcores onto cores for as long as there are both.  Context: p->lock. */
static uint32_t grant_locked(struct proc *p, const uint32_t *coreids,
			     uint32_t n)
{
	uint32_t wanted = sched_wants(p);
	uint32_t given = 0;

	/* Whoever chose these cores looked without the lock: another may have
	 * granted what was wanted, and a vcore too many is one that the process
	 * has not made ready. */
	if (n > wanted)
		n = wanted;
	if (!n)
		return 0;
	if (p->state == PROC_RUNNABLE_M)
		proc_set_state(p, PROC_RUNNING_M);
	while (p->state == PROC_RUNNING_M && given < n) {
		struct vcore *vc = vcore_next_to_start(p);

		if (!vc)
			break;
		vcore_online(p, vc, coreids[given++]);
	}
	return given;
}

/*
 * Those that were lost in bulk and do not come back with the others are
 * inactive from now on; @left gets their ids.  At once: a process that runs has
 * nobody on the list, so that its last vcore online, when it yields, is the
 * last.  Context: p->lock.
 */
static uint32_t leave_behind_locked(struct proc *p, uint32_t *left)
{
	struct list *l;
	uint32_t n = 0;

	while ((l = list_pop(&p->bulk_preempted_vcs))) {
		list_prepend(&p->inactive_vcs, l);
		left[n++] = vcoreid_of(p, list_entry(l, struct vcore, link));
	}
	return n;
}

uint32_t grant_cores(struct proc *p, const uint32_t *coreids, uint32_t n)
{
	struct event_msg back = { .ev_type = EV_GANG_RETURN };
	uint32_t left[MAX_VCORES];
	uint32_t nr_left = 0;
	uint32_t given;
	bool bulk;

	spin_lock(&p->lock);
	bulk = !list_empty(&p->bulk_preempted_vcs);
	given = grant_locked(p, coreids, n);
	if (given)
		nr_left = leave_behind_locked(p, left);
	spin_unlock(&p->lock);
	if (bulk && given)
		send_kernel_event(p, &back, 0);
	for (uint32_t i = 0; i < nr_left; i++)
		preempt_tell(p, left[i]);
	return given;
}

void vcore_offline(struct proc *p, uint32_t vcoreid)
{
	struct vcore *vc = &p->vcores[vcoreid];

	assert(spin_held(&p->lock));
	list_remove(&vc->link);
	list_prepend(&p->inactive_vcs, &vc->link);
	write_once(p->procinfo->vcoremap[vcoreid].valid, 0);
	write_once(p->procinfo->num_vcores, p->procinfo->num_vcores - 1);
}

void vcore_stay(struct proc *p, uint32_t vcoreid)
{
	struct vcore *vc = &p->vcores[vcoreid];

	assert(spin_held(&p->lock));
	list_remove(&vc->link);
	vcore_map_to(p, vc, core_id());
}

void core_disown(struct core *core)
{
	struct proc *p = core->owner;

	write_once(core->owner, NULL);
	aspace_unload();
	proc_release(p);
}
