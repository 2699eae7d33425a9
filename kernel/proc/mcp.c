/*
 * mcp.c - what only many-core processes do: become one, trade vcores.
 */
#include "proc/mcp.h"

#include "abi/errno.h"
#include "arch/x86/context.h"
#include "core/core.h"
#include "event/event.h"
#include "proc/cores.h"
#include "proc/proc.h"
#include "proc/sched.h"
#include "proc/upcall.h"
#include "sync/atomic.h"

static bool may_change_locked(struct proc *p)
{
	return p->state == PROC_RUNNING_S && !p->is_mcp &&
	       !(read_once(vcpd_of(p, 0)->flags) & VC_SCP_NOVCCTX);
}

int proc_may_change_to_m(void)
{
	struct proc *p = this_core()->owner;
	bool may;

	spin_lock(&p->lock);
	may = may_change_locked(p);
	spin_unlock(&p->lock);
	return may ? 0 : -EINVAL;
}

static bool change_locked(struct core *core, struct proc *p)
{
	struct vcpd *vcpd = vcpd_of(p, 0);

	if (!may_change_locked(p))
		return false;
	if (!read_once(vcpd->notif_disabled))
		context_save(&vcpd->uthread_ctx, core->ctx);
	write_once(p->procinfo->vcoremap[0].valid, 0);
	write_once(p->procinfo->num_vcores, 0);
	write_once(p->is_mcp, true);
	write_once(p->procinfo->is_mcp, 1);
	proc_set_state(p, PROC_RUNNABLE_M);
	sched_mcp_add(p);
	return true;
}

void proc_change_to_m(void)
{
	struct core *core = this_core();
	struct proc *p = core->owner;
	bool changed;

	spin_lock(&p->lock);
	changed = change_locked(core, p);
	spin_unlock(&p->lock);
	if (!changed)
		return;		/* it died, or took its flag back */
	core_disown(core);
	sched_poke();
}

/*
 * Swap the vcores on this core: ours goes offline, @vcoreid comes online in its
 * place.  Ours looks preempted; its context is saved for it to go on with in
 * vcore context, or with @enable_notifs forgotten, and nothing masked.
 * -EINVAL, -EBUSY, -EAGAIN: see abi/syscall.h.  Context: p->lock.
 */
static int trade_locked(struct core *core, struct proc *p, uint32_t vcoreid,
			bool enable_notifs)
{
	uint32_t mine = core->owner_vcoreid;
	struct vcore_map *map = &p->procinfo->vcoremap[mine];
	struct vcpd *vcpd = vcpd_of(p, mine);

	if (!p->is_mcp || vcoreid >= p->max_vcores)
		return -EINVAL;
	/* Also if ours was the last, and the process does not run any more. */
	if (map->preempts_sent != read_once(map->preempts_done))
		return -EAGAIN;
	if (p->state != PROC_RUNNING_M)
		return -EINVAL;		/* it is dying */
	if (p->procinfo->vcoremap[vcoreid].valid)
		return -EBUSY;
	if (enable_notifs)
		write_once(vcpd->notif_disabled, 0);
	else
		context_save(&vcpd->vcore_ctx, core->ctx);
	atomic_fetch_or32(&vcpd->flags, VC_PREEMPTED);
	/* The core keeps its deadline, whoever it is then. */
	write_once(p->procinfo->vcoremap[vcoreid].preempt_at, map->preempt_at);
	vcore_offline(p, mine);
	vcore_stay(p, vcoreid);
	return 0;
}

/* The core's own note of its vcore changes when the lists have; the one that is
 * here now may have been preempted as often as was sent by then. */
int proc_change_to_vcore(uint32_t vcoreid, bool enable_notifs)
{
	struct core *core = this_core();
	struct proc *p = core->owner;
	struct event_msg msg = {
		.ev_type = enable_notifs ? EV_CHECK_MSGS : EV_VCORE_PREEMPT,
		.ev_arg2 = core->owner_vcoreid,
	};
	uint32_t sent = 0;
	int err;

	spin_lock(&p->lock);
	err = trade_locked(core, p, vcoreid, enable_notifs);
	if (!err)
		sent = p->procinfo->vcoremap[vcoreid].preempts_sent;
	spin_unlock(&p->lock);
	if (err)
		return err;
	core->owner_vcoreid = vcoreid;
	upcall_restart_vcore(core, p, sent);
	send_kernel_event(p, &msg, vcoreid);
	return 0;
}
