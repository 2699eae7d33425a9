/*
 * notify.c - make a vcore look at its mailboxes.
 *
 * The word that counts is notif_pending; the interrupt only hurries.
 *
 * [unmask]  No uthread runs on while its vcore has something pending.
 *
 *   sender, proc_notify()        vcore, leaving vcore context
 *   notif_pending = 1            notif_disabled = 0
 *   full_fence()                 full_fence()
 *   notif_disabled?              notif_pending?
 *
 * Both reading the old value would leave a message to an unmasked uthread
 * that nobody interrupts; the fences forbid it.
 *
 * [map-look]  Nor does one that is just getting its core.
 *
 *   sender, proc_notify()        core, notify_restarted()
 *   notif_pending = 1            vcore map: valid, this core
 *   full_fence()                 full_fence()
 *   is the vcore on a core?      notif_pending?
 */
#include "proc/notify.h"

#include "core/core.h"
#include "core/race.h"
#include "core/trace.h"
#include "proc/proc.h"
#include "proc/upcall.h"
#include "sync/atomic.h"

void proc_notify(struct proc *p, uint32_t vcoreid)
{
	struct vcpd *vcpd = vcpd_of(p, vcoreid);
	struct vcore_map *map = &p->procinfo->vcoremap[vcoreid];
	uint32_t coreid;

	/* Not "if it is clear": a quiet message sets it too, and the interrupt
	 * behind that one is still owed. */
	write_once(vcpd->notif_pending, 1);
	/* Pending before both looks.  Pairs with mfence in
	 * user/lib/context.S:switch_enable() [unmask].  Pairs with
	 * full_fence() in user/lib/vcore.c:unmask() [unmask].  Pairs with
	 * full_fence() in proc/notify.c:notify_restarted() [map-look]. */
	full_fence();
	race_point(NOTIFY_PENDING);
	if (read_once(vcpd->notif_disabled) || !read_once(map->valid))
		return;
	atomic_inc64(&p->procinfo->notifies);
	/* It may have left this core by now; then whoever is there looks in
	 * vain, and the vcore itself looked when it left or started. */
	coreid = read_once(map->coreid);
	trace(TRACE_NOTIFY, p->pid, coreid);
	kmsg_send(coreid, &core_of(coreid)->look);
}

/* Time has passed: the core may have no owner by now, or one that is dying, or
 * one that has no vcore context yet. */
void notify_look(struct kmsg *msg)
{
	struct core *core = this_core();
	struct proc *p = core->owner;
	struct vcpd *vcpd;

	if (!p || proc_is_dying(p))
		return;
	trace(TRACE_LOOK, p->pid, core->owner_vcoreid);
	vcpd = vcpd_of(p, core->owner_vcoreid);
	if (read_once(vcpd->flags) & VC_SCP_NOVCCTX)
		return;
	if (!read_once(vcpd->notif_disabled) && read_once(vcpd->notif_pending))
		upcall_interrupt(core, p);
}

void notify_restarted(void)
{
	/* Map before pending.  Pairs with full_fence() in
	 * proc/notify.c:proc_notify() [map-look]. */
	full_fence();
	notify_look(NULL);
}
