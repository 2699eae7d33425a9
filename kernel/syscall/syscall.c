/*
 * syscall.c - system calls, from the instruction to the handler.
 *
 * Most calls have a result when their handler returns; it is then in user
 * memory before the instruction after SYSCALL runs.  A handler that waits takes
 * its kernel thread with it, and comes back here on the same core, perhaps
 * long after, when the vcore is elsewhere.
 *
 * Three calls give the core away.  Their struct is completed before they act,
 * for there may be nobody to come back to.
 */
#include "syscall/syscall.h"

#include "abi/errno.h"
#include "arch/x86/context.h"
#include "arch/x86/irq.h"
#include "core/core.h"
#include "core/kthread.h"
#include "core/race.h"
#include "core/wait.h"
#include "mm/aspace.h"
#include "mm/usercopy.h"
#include "proc/mcp.h"
#include "proc/proc.h"
#include "proc/yield.h"
#include "syscall/complete.h"

/* What we read of a struct syscall: its first fields. */
struct syscall_head {
	uint32_t	num;
	uint32_t	flags;		/* copied along; complete.c looks */
	uint64_t	arg[SYSCALL_ARGS];
};
_Static_assert(sizeof(struct syscall_head) == offsetof(struct syscall, retval),
	       "struct syscall_head is the beginning of struct syscall");

static int64_t sys_null(struct proc *p, const uint64_t *args)
{
	return 0;
}

static const syscall_fn table[SYS_NR] = {
	[SYS_null]		= sys_null,
	[SYS_read]		= sys_read,
	[SYS_write]		= sys_write,
	[SYS_mmap]		= sys_mmap,
	[SYS_munmap]		= sys_munmap,
	[SYS_proc_create]	= sys_proc_create,
	[SYS_proc_run]		= sys_proc_run,
	[SYS_waitpid]		= sys_waitpid,
	[SYS_kill]		= sys_kill,
	[SYS_poke_ksched]	= sys_poke_ksched,
	[SYS_notify]		= sys_notify,
	[SYS_self_notify]	= sys_self_notify,
	[SYS_send_event]	= sys_send_event,
	[SYS_block]		= sys_block,
	[SYS_abort]		= sys_abort,
	[SYS_halt]		= sys_halt,
	[SYS_record]		= sys_record,
	[SYS_proc_info]		= sys_proc_info,
	[SYS_core_info]		= sys_core_info,
	[SYS_foreground]	= sys_foreground,
	[SYS_preempt]		= sys_preempt,
	[SYS_provision]		= sys_provision,
	[SYS_alarm_set]		= sys_alarm_set,
	[SYS_alarm_cancel]	= sys_alarm_cancel,
	[SYS_pipe]		= sys_pipe,
	[SYS_close]		= sys_close,
	[SYS_dup2]		= sys_dup2,
	[SYS_tap]		= sys_tap,
	[SYS_kernel_info]	= sys_kernel_info,
	[SYS_open]		= sys_open,
	[SYS_race]		= sys_race,
};

/*
 * The calls after which this core may be somebody else's.  False: it is none
 * of them.  Yields are complete before they begin.
 */
static bool syscall_leaves(struct proc *p, struct syscall *u_sysc,
			   const struct syscall_head *head)
{
	int err;

	switch (head->num) {
	case SYS_exit:
		proc_destroy(p, W_STATUS(head->arg[0], 0));
		break;
	case SYS_yield:
		syscall_complete(p, u_sysc, 0);
		proc_yield(head->arg[0]);
		break;
	case SYS_change_to_m:
		err = proc_may_change_to_m();
		syscall_complete(p, u_sysc, err);
		if (!err)
			proc_change_to_m();
		break;
	case SYS_change_vcore:
		err = proc_change_to_vcore(head->arg[0], head->arg[1]);
		/* One that left for good has a stack no more. */
		if (err || !head->arg[1])
			syscall_complete(p, u_sysc, err);
		break;
	default:
		return false;
	}
	core_loop();
}

static void syscall_run(struct proc *p, struct syscall *u_sysc)
{
	struct syscall_head head;

	if (copy_from_user(&head, u_sysc, sizeof(head)))
		return;		/* no struct to put an answer in */
	if (head.num < SYS_NR && table[head.num])
		syscall_complete(p, u_sysc, table[head.num](p, head.arg));
	else if (!syscall_leaves(p, u_sysc, &head))
		syscall_complete(p, u_sysc, -ENOSYS);
}

void syscall_entry(struct context *frame, struct syscall *u_sysc)
{
	struct core *core = this_core();
	struct kthread *k = core->kthread;

	core->ctx = frame;
	k->u_sysc = u_sysc;
	irq_enable();
	syscall_run(core->owner, u_sysc);
	irq_disable();
	if (k->detached) {
		irq_enable();
		/* The process may end with what we hold of it; the core goes
		 * on in its owner's address space anyway. */
		aspace_unload();
		wait_finish(k);
		core_loop();
	}
	if (!kmsg_waiting())
		return;
	core_loop();
}
