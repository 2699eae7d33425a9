/*
 * restart.c - what a core does next: the place where all that happened to it
 * takes effect.
 *
 * A trap or system call during which something came up ends here and not in a
 * plain return, and so does a core that was given away or woken.  Messages
 * first, for they may change the answer; then the owner's user context; then,
 * on core 0, the next single-core process; then sleep.
 */
#include "proc/restart.h"

#include "arch/x86/context.h"
#include "arch/x86/irq.h"
#include "core/core.h"
#include "mm/aspace.h"
#include "proc/cores.h"
#include "proc/notify.h"
#include "proc/preempt.h"
#include "proc/proc.h"
#include "proc/sched.h"
#include "proc/upcall.h"

/* Core 0 becomes @p's, with the reference that came with it. */
static void restart_scp(struct core *core, struct proc *p)
{
	core->owner_vcoreid = 0;
	write_once(core->owner, p);
	aspace_load(p->as);
	upcall_restart_scp(core, p);
	sched_start_turn();
}

/* The start message: this core becomes the vcore that grant_cores() chose. */
static void restart_vcore(struct kmsg *msg)
{
	struct core *core = this_core();
	struct proc *p = core->start_proc;

	core->owner_vcoreid = core->start_vcoreid;
	write_once(core->owner, p);
	aspace_load(p->as);
	upcall_restart_vcore(core, p, core->start_sent);
	if (core->pc.coreid == 0)
		sched_start_turn();
	preempt_started(core);
}

void restart_init_core(struct core *core)
{
	kmsg_init(&core->look, KMSG_ROUTINE, notify_look);
	kmsg_init(&core->start, KMSG_ROUTINE, restart_vcore);
	preempt_init_core(core);
}

/* Something to do before user mode or sleep?  Then do a piece of it. */
static bool restart_work(struct core *core)
{
	enum sched_choice choice;
	struct proc *p;

	if (core->owner && proc_is_dying(core->owner)) {
		core_disown(core);
		sched_core_free(core->pc.coreid);
		return true;
	}
	if (core->owner || core->pc.coreid != 0)
		return false;
	choice = sched_core0(&p);
	if (choice == SCHED_SCP)
		restart_scp(core, p);
	return choice != SCHED_NOTHING;
}

void core_loop(void)
{
	struct core *core = this_core();

	for (;;) {
		irq_enable();
		kmsg_run();
		if (restart_work(core))
			continue;
		irq_disable();
		if (kmsg_waiting())
			continue;
		if (core->owner)
			break;
		/* [idle]  Interrupts are off since the last look at the
		 * messages, and come on as the core halts, so a poke that
		 * comes now ends the halt.  Pairs with apic_send_ipi() in
		 * core/kmsg.c:kmsg_send() [idle]. */
		aspace_unload();
		irq_wait();
	}
	aspace_load(core->owner->as);
	context_enter(core->ctx);
}
