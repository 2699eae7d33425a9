/*
 * preempt.c - take this core from whoever has it.
 */
#include "proc/preempt.h"

#include "arch/x86/context.h"
#include "core/core.h"
#include "proc/cores.h"
#include "proc/proc.h"
#include "proc/sched.h"
#include "sync/atomic.h"

static bool preempt_scp(struct core *core, struct proc *p)
{
	if (p->state != PROC_RUNNING_S)
		return false;
	context_save(&p->scp_ctx, &core->ctx);
	p->scp_saved = true;
	write_once(p->procinfo->vcoremap[0].valid, 0);
	write_once(p->procinfo->num_vcores, 0);
	proc_set_state(p, PROC_RUNNABLE_S);
	sched_scp_runnable(p);
	return true;
}

/*
 * The vcore's context goes where it will be looked for: masked means that
 * vcore context ran, otherwise it was a uthread.
 */
static bool preempt_vcore(struct core *core, struct proc *p)
{
	uint32_t vcoreid = core->owner_vcoreid;
	struct vcpd *vcpd = vcpd_of(p, vcoreid);
	struct vcore_map *map = &p->procinfo->vcoremap[vcoreid];

	if (p->state != PROC_RUNNING_M)
		return false;
	write_once(map->preempts_sent, map->preempts_sent + 1);
	context_save(read_once(vcpd->notif_disabled) ? &vcpd->vcore_ctx
						     : &vcpd->uthread_ctx,
		     &core->ctx);
	atomic_fetch_or32(&vcpd->flags, VC_PREEMPTED);
	vcore_offline(p, vcoreid);
	write_once(map->preempts_done, map->preempts_done + 1);
	if (list_empty(&p->online_vcs))
		proc_set_state(p, PROC_RUNNABLE_M);
	return true;
}

void preempt_here(void)
{
	struct core *core = this_core();
	struct proc *p = core->owner;
	bool left;

	spin_lock(&p->lock);
	left = p->is_mcp ? preempt_vcore(core, p) : preempt_scp(core, p);
	spin_unlock(&p->lock);
	if (!left)
		return;
	core_disown(core);
	sched_core_free(core->pc.coreid);
}
