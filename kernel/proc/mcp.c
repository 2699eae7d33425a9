/*
 * mcp.c - a single-core process becomes a many-core one.
 */
#include "proc/mcp.h"

#include "abi/errno.h"
#include "arch/x86/context.h"
#include "core/core.h"
#include "proc/cores.h"
#include "proc/proc.h"
#include "proc/sched.h"
#include "sync/atomic.h"

static bool change_locked(struct core *core, struct proc *p)
{
	struct vcpd *vcpd = vcpd_of(p, 0);

	if (p->state != PROC_RUNNING_S || p->is_mcp ||
	    read_once(vcpd->flags) & VC_SCP_NOVCCTX)
		return false;
	if (!read_once(vcpd->notif_disabled))
		context_save(&vcpd->uthread_ctx, &core->ctx);
	write_once(p->procinfo->vcoremap[0].valid, 0);
	write_once(p->procinfo->num_vcores, 0);
	p->is_mcp = true;
	write_once(p->procinfo->is_mcp, 1);
	proc_set_state(p, PROC_RUNNABLE_M);
	sched_mcp_add(p);
	return true;
}

int proc_change_to_m(void)
{
	struct core *core = this_core();
	struct proc *p = core->owner;
	bool changed;

	spin_lock(&p->lock);
	changed = change_locked(core, p);
	spin_unlock(&p->lock);
	if (!changed)
		return -EINVAL;
	core_disown(core);
	sched_poke();
	return 0;
}
