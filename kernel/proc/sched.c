/*
 * sched.c - who gets which core.
 *
 * The lists say who could use a core, the lock protects the lists, and what a
 * process really is at this moment is decided under its own lock by whoever
 * takes it from here: sched_next_scp() and grant_cores().
 */
#include "proc/sched.h"

#include "arch/x86/timer.h"
#include "core/alarm.h"
#include "core/core.h"
#include "lib/list.h"
#include "lib/panic.h"
#include "proc/cores.h"
#include "proc/preempt.h"
#include "proc/proc.h"
#include "sync/atomic.h"

#define TURN_NS		10000000	/* an SCP's share of core 0 at a time */
#define BALANCE_NS	20000000	/* between looks at who has too much */
#define WARN_NS		2000000		/* to give a core back in good order */
#define POKE_TRIES	10		/* rounds in vain */

/* Lists and free_core: sched_lock.  Alarms and turn_end: core 0. */
static struct spinlock sched_lock = SPINLOCK_INIT("sched", RANK_SCHED);
static struct list scps = LIST_INIT(scps);	/* runnable, next first */
static struct list mcps = LIST_INIT(mcps);	/* all, next to serve first */
static bool free_core[MAX_CORES];
static struct alarm turn;
static uint64_t turn_end;	/* of who has core 0; turn may ring before */
static struct alarm balance;

void sched_scp_runnable(struct proc *p)
{
	assert(spin_held(&p->lock) && p->state == PROC_RUNNABLE_S);
	spin_lock(&sched_lock);
	list_append(&scps, &p->sched_link);
	spin_unlock(&sched_lock);
	kmsg_send(0, &core_of(0)->look);
}

void sched_mcp_add(struct proc *p)
{
	assert(spin_held(&p->lock) && p->is_mcp);
	spin_lock(&sched_lock);
	list_append(&mcps, &p->sched_link);
	spin_unlock(&sched_lock);
}

void sched_remove(struct proc *p)
{
	spin_lock(&sched_lock);
	list_remove(&p->sched_link);
	spin_unlock(&sched_lock);
}

uint32_t sched_wants(struct proc *p)
{
	uint32_t state = read_once(p->state);
	uint32_t have = read_once(p->procinfo->num_vcores);
	uint32_t wanted = read_once(p->procdata->cores_wanted);

	if (state != PROC_RUNNABLE_M && state != PROC_RUNNING_M)
		return 0;
	if (wanted > p->max_vcores)
		wanted = p->max_vcores;
	if (!wanted && state == PROC_RUNNABLE_M)
		wanted = 1;	/* it was woken: it must run to say so */
	return wanted > have ? wanted - have : 0;
}

/* Take up to @max free cores, lowest first.  Context: sched_lock. */
static uint32_t sched_take_cores(uint32_t *coreids, uint32_t max)
{
	uint32_t n = 0;

	for (uint32_t c = 0; c < core_count() && n < max; c++) {
		if (!free_core[c])
			continue;
		free_core[c] = false;
		coreids[n++] = c;
	}
	return n;
}

/* Does any other MCP than @p want cores?  Context: sched_lock. */
static bool sched_rivals(struct proc *p)
{
	list_for_each(l, &mcps) {
		struct proc *other = list_entry(l, struct proc, sched_link);

		if (other != p && sched_wants(other))
			return true;
	}
	return false;
}

/* Without p->lock this may be of a moment ago: then the scheduler decides by it
 * who gets or gives a core, and it looks anew at its next tick. */
static bool sched_has_none(struct proc *p)
{
	return !read_once(p->procinfo->num_vcores);
}

/* Cores beyond what @p was provisioned, as of a moment ago. */
static int64_t sched_surplus(struct proc *p)
{
	return (int64_t)read_once(p->procinfo->num_vcores) - p->provisioned;
}

/*
 * The MCP that wants cores and has the fewest, beyond what it was provisioned;
 * of equals, one that has none at all, and of those the one that has waited
 * longest.  Context: sched_lock.
 */
static struct proc *sched_poorest(void)
{
	struct proc *poorest = NULL;
	int64_t least = INT64_MAX;

	list_for_each(l, &mcps) {
		struct proc *p = list_entry(l, struct proc, sched_link);
		int64_t has = 2 * sched_surplus(p) + !sched_has_none(p);

		if (!sched_wants(p) || has >= least)
			continue;
		least = has;
		poorest = p;
	}
	return poorest;
}

/*
 * Find an MCP that wants cores while some are free, and take them for it; just
 * one while others want some too.  It moves to the end of the line.  With a
 * reference, or NULL.
 */
static struct proc *sched_plan(uint32_t *coreids, uint32_t *n)
{
	struct proc *p;

	*n = 0;
	spin_lock(&sched_lock);
	p = sched_poorest();
	if (p)
		*n = sched_take_cores(coreids, sched_rivals(p) ?
				      1 : sched_wants(p));
	if (*n) {
		proc_get(p);
		list_remove(&p->sched_link);
		list_append(&mcps, &p->sched_link);
	}
	spin_unlock(&sched_lock);
	return *n ? p : NULL;
}

static void sched_give_back(const uint32_t *coreids, uint32_t n)
{
	spin_lock(&sched_lock);
	for (uint32_t i = 0; i < n; i++)
		free_core[coreids[i]] = true;
	spin_unlock(&sched_lock);
}

/*
 * Each round gives away at least one core, or meets a process that has changed
 * its mind, or that another core has served meanwhile.  One that keeps changing
 * its mind must not keep us here; whom that leaves waiting is served at the
 * next sched_rebalance().
 */
void sched_poke(void)
{
	uint32_t coreids[MAX_CORES];
	struct proc *p;
	uint32_t n, in_vain = 0;

	while (in_vain < POKE_TRIES && (p = sched_plan(coreids, &n))) {
		uint32_t given = grant_cores(p, coreids, n);

		sched_give_back(coreids + given, n - given);
		proc_put(p);
		if (!given)
			in_vain++;
	}
}

void sched_core_free(uint32_t coreid)
{
	if (coreid == 0)
		return;		/* core 0 asks for itself: sched_core0() */
	sched_give_back(&coreid, 1);
	sched_poke();
}

/* The next SCP in line, held for core 0, which is then not free. */
static struct proc *sched_pop_scp(void)
{
	struct proc *p = NULL;
	struct list *l;

	spin_lock(&sched_lock);
	l = list_pop(&scps);
	if (l) {
		p = list_entry(l, struct proc, sched_link);
		proc_hold(p);
		free_core[0] = false;
	}
	spin_unlock(&sched_lock);
	return p;
}

/* The next SCP in line: running from now on, and held; or NULL. */
static struct proc *sched_next_scp(void)
{
	struct proc *p;

	while ((p = sched_pop_scp())) {
		struct vcore_map *map = &p->procinfo->vcoremap[0];
		bool runs;

		spin_lock(&p->lock);
		runs = p->state == PROC_RUNNABLE_S;
		if (runs) {
			proc_set_state(p, PROC_RUNNING_S);
			map->coreid = 0;
			write_once(map->valid, 1);
			write_once(p->procinfo->num_vcores, 1);
		}
		spin_unlock(&p->lock);
		if (runs)
			return p;
		proc_release(p);	/* it died in line */
	}
	return NULL;
}

/* Lend core 0 of a one-core machine to an MCP that wants it.  If none does, it
 * stays free for one that wakes.  Was it taken? */
static bool sched_lend(void)
{
	if (core_count() > 1)
		return false;
	sched_give_back(&(uint32_t){ 0 }, 1);
	sched_poke();
	return !free_core[0];
}

enum sched_choice sched_core0(struct proc **scp)
{
	static bool mcp_first;		/* core 0: after an SCP's turn */

	*scp = NULL;
	if (mcp_first) {
		mcp_first = false;
		if (sched_lend())
			return SCHED_LENT;
	}
	*scp = sched_next_scp();
	mcp_first = *scp;
	if (*scp)
		return SCHED_SCP;
	return sched_lend() ? SCHED_LENT : SCHED_NOTHING;
}

/* Does anyone wait for core 0?  A peek: the next turn's end looks again. */
static bool sched_contended(void)
{
	bool contended;

	spin_lock(&sched_lock);
	contended = !list_empty(&scps);
	if (core_count() == 1) {
		list_for_each(l, &mcps) {
			struct proc *p = list_entry(l, struct proc,
						    sched_link);

			contended |= read_once(p->state) == PROC_RUNNABLE_M;
		}
	}
	spin_unlock(&sched_lock);
	return contended;
}

/*
 * The MCP with the most cores beyond its provision, if taking one from it for
 * @poor makes things more even; or, where @poor has none at all, if only its
 * turn is over.  With a reference, or NULL.  Context: sched_lock.
 */
static struct proc *sched_richest(struct proc *poor)
{
	int64_t most = sched_surplus(poor) + !sched_has_none(poor);
	struct proc *richest = NULL;

	list_for_each(l, &mcps) {
		struct proc *p = list_entry(l, struct proc, sched_link);
		int64_t has = sched_surplus(p);

		if (p == poor || sched_has_none(p) || has <= most)
			continue;
		most = has;
		richest = p;
	}
	if (richest)
		proc_get(richest);
	return richest;
}

/* The vcore of @p that has been online longest, or -1. */
static int oldest_vcore(struct proc *p)
{
	struct list *l;

	spin_lock(&p->lock);
	l = list_first(&p->online_vcs);
	spin_unlock(&p->lock);
	return l ? (int)vcoreid_of(p, list_entry(l, struct vcore, link)) : -1;
}

/* Someone has less than its right?  Warn a vcore of who has more. */
static void sched_balance(void)
{
	struct proc *rich = NULL;
	struct proc *poor;
	int vcoreid;

	spin_lock(&sched_lock);
	poor = sched_poorest();
	if (poor)
		rich = sched_richest(poor);
	spin_unlock(&sched_lock);
	if (!rich)
		return;
	vcoreid = oldest_vcore(rich);
	if (vcoreid >= 0)
		preempt_warn(rich, vcoreid, WARN_NS);
	proc_put(rich);
}

static void sched_rebalance(struct alarm *alarm)
{
	sched_poke();
	sched_balance();
	/* From now on: looks that were missed, in the monitor perhaps, are not
	 * made up for, one after the other. */
	alarm_set(alarm, time_ns() + BALANCE_NS, sched_rebalance);
}

void sched_provision(struct proc *p, uint32_t cores)
{
	spin_lock(&sched_lock);
	p->provisioned = cores < core_count() ? cores : core_count();
	spin_unlock(&sched_lock);
	sched_poke();
}

/* A turn on core 0 is over.  A routine message, so its context is saved. */
static void sched_turn_over(struct alarm *alarm)
{
	struct core *core = this_core();

	if (!core->owner)
		return;		/* the next owner starts a turn of its own */
	if (time_ns() < turn_end) {
		/* It was set for an owner that left before its time. */
		alarm_set(alarm, turn_end, sched_turn_over);
		return;
	}
	if (sched_contended())
		preempt_here();
	if (core->owner)
		sched_start_turn();
}

void sched_start_turn(void)
{
	turn_end = time_ns() + TURN_NS;
	if (!turn.set)
		alarm_set(&turn, turn_end, sched_turn_over);
}

void sched_init(void)
{
	for (uint32_t c = 1; c < core_count(); c++)
		free_core[c] = true;
	if (core_count() > 1)
		alarm_set(&balance, time_ns() + BALANCE_NS, sched_rebalance);
}
