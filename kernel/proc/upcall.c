/*
 * upcall.c - into vcore context, and back to what was interrupted.
 *
 * Vcore context has no past: it starts at vcore_entry on an empty stack with
 * notifications masked, and whatever ran before is a uthread context in the
 * VCPD for it to find.
 */
#include "proc/upcall.h"

#include "abi/signal.h"
#include "arch/x86/context.h"
#include "core/core.h"
#include "core/trace.h"
#include "lib/printf.h"
#include "proc/notify.h"
#include "proc/preempt.h"
#include "proc/proc.h"
#include "sync/atomic.h"

static void upcall_refuse(struct proc *p, uint32_t vcoreid)
{
	printk("process %u (%s): killed: the context of vcore %u is not in "
	       "user memory\n", p->pid, p->name, vcoreid);
	proc_destroy(p, W_STATUS(0, SIGSEGV));
}

/*
 * Start vcore context.  @wipe: the FPU may hold another process's values.
 * The order is the reverse of leaving vcore context and of yielding: masked
 * first, and only then again a vcore that reads messages.
 */
static void upcall_start(struct core *core, struct proc *p, bool wipe)
{
	uint32_t vcoreid = core->owner_vcoreid;
	struct vcpd *vcpd = vcpd_of(p, vcoreid);

	write_once(vcpd->notif_disabled, 1);
	if (!(read_once(vcpd->flags) & VC_CAN_RCV_MSG))
		atomic_fetch_or32(&vcpd->flags, VC_CAN_RCV_MSG);
	core->ctx = &core->room;
	if (context_start(core->ctx, read_once(vcpd->vcore_entry),
			  read_once(vcpd->vcore_stack),
			  read_once(vcpd->vcore_tls), vcoreid, wipe))
		upcall_refuse(p, vcoreid);
}

void upcall_interrupt(struct core *core, struct proc *p)
{
	struct vcpd *vcpd = vcpd_of(p, core->owner_vcoreid);

	trace(TRACE_UPCALL, p->pid, core->owner_vcoreid);
	context_save(&vcpd->uthread_ctx, core->ctx);
	upcall_start(core, p, false);
}

void upcall_restart_vcore(struct core *core, struct proc *p, uint32_t sent)
{
	uint32_t vcoreid = core->owner_vcoreid;
	struct vcpd *vcpd = vcpd_of(p, vcoreid);
	bool preempted;

	trace(TRACE_START, p->pid, vcoreid);
	preempt_wait_saved(p, vcoreid, sent);
	preempted = read_once(vcpd->flags) & VC_PREEMPTED;
	if (preempted)
		atomic_fetch_and32(&vcpd->flags, ~(uint32_t)VC_PREEMPTED);
	if (!preempted || !read_once(vcpd->notif_disabled)) {
		upcall_start(core, p, true);
		return;
	}
	atomic_fetch_or32(&vcpd->flags, VC_CAN_RCV_MSG);
	core->ctx = &core->room;
	if (context_load(core->ctx, &vcpd->vcore_ctx))
		upcall_refuse(p, vcoreid);
}

void upcall_restart_scp(struct core *core, struct proc *p)
{
	if (!p->scp_saved) {
		upcall_start(core, p, true);
		return;
	}
	p->scp_saved = false;
	core->ctx = &core->room;
	if (context_load(core->ctx, &p->scp_ctx)) {
		upcall_refuse(p, 0);
		return;
	}
	notify_restarted();
}
