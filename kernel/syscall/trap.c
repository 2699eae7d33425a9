/*
 * trap.c - interrupts and faults, from user mode and from the kernel.
 */
#include "arch/x86/trap.h"

#include "abi/errno.h"
#include "abi/fault.h"
#include "arch/x86/apic.h"
#include "arch/x86/context.h"
#include "arch/x86/irq.h"
#include "arch/x86/vectors.h"
#include "core/alarm.h"
#include "core/core.h"
#include "dev/console.h"
#include "event/event.h"
#include "lib/panic.h"
#include "mm/aspace.h"
#include "mm/kstack.h"
#include "mm/shootdown.h"
#include "mm/usercopy.h"
#include "proc/proc.h"
#include "proc/upcall.h"

static const char *const exception_names[FAULT_NR] = {
	"divide error", "debug", "nmi", "breakpoint", "overflow", "bound range",
	"invalid opcode", "no coprocessor", "double fault", "9", "invalid tss",
	"segment not present", "stack fault", "general protection",
	"page fault", "15", "x87 error", "alignment check", "machine check",
	"simd error",
};

static const char *exception_name(uint64_t vector)
{
	const char *name = vector < FAULT_NR ? exception_names[vector] : NULL;

	return name ? name : "unknown trap";
}

/* A device or another core wants something.  True if that is what it was. */
static bool trap_interrupt(uint64_t vector)
{
	switch (vector) {
	case VEC_TIMER:
		alarm_interrupt();
		break;
	case VEC_UART:
		console_interrupt();
		break;
	case VEC_KMSG:
		kmsg_interrupt();
		break;
	case VEC_TLB:
		tlb_interrupt();
		break;
	case VEC_SPURIOUS:
		return true;		/* wants no EOI */
	default:
		return false;
	}
	apic_eoi();
	return true;
}

/* What a fault was about; 0 if about no address, for then the processor still
 * has that of the last page fault here, perhaps another process's. */
static uint64_t fault_address(const struct trap_frame *tf)
{
	return tf->vector == FAULT_PAGE ? trap_fault_address() : 0;
}

static unsigned int fault_access(const struct trap_frame *tf)
{
	if (tf->error & FAULT_FETCH)
		return PROT_EXEC;
	return tf->error & FAULT_WRITE ? PROT_WRITE : PROT_READ;
}

/* Bring in the page that the fault was about.  0; -EFAULT if it may not be used
 * like that; -ENOMEM. */
static int trap_page_in(const struct trap_frame *tf, uint64_t va)
{
	struct aspace *as = aspace_current();

	if (tf->vector != FAULT_PAGE || !as || va >= USER_TOP)
		return -EFAULT;
	return aspace_fault(as, va, fault_access(tf));
}

/* Was it about what lies at the stack pointer, or in the newest frame above,
 * and is not there?  On a stack that has room there is memory. */
static bool trap_off_stack(const struct trap_frame *tf, uint64_t va)
{
	return tf->vector == FAULT_PAGE && !(tf->error & FAULT_PRESENT) &&
	       va - (tf->rsp - PAGE_SIZE) < 16 * PAGE_SIZE;
}

/* What people should know of a fault besides its address; @err is why no page
 * was brought in. */
static const char *trap_reason(const struct trap_frame *tf, uint64_t va,
			       int err)
{
	if (err == -ENOMEM)
		return ": no memory left";
	return trap_off_stack(tf, va) ? ": the stack is full" : "";
}

/* The program did what no program may, or what there is no memory for. */
static void trap_kill(struct core *core, const struct trap_frame *tf,
		      uint64_t va, int err)
{
	struct proc *p = core->owner;

	printk("process %u (%s) vcore %u: %s at rip 0x%lx, address 0x%lx, "
	       "error 0x%lx%s\n", p->pid, p->name, core->owner_vcoreid,
	       exception_name(tf->vector), tf->rip, va, tf->error,
	       trap_reason(tf, va, err));
	irq_enable();
	proc_destroy(p, W_STATUS(0, fault_signal(tf->vector)));
	irq_disable();
}

/*
 * A uthread did: if its process wants to know, its vcore hears of it and finds
 * the uthread in the VCPD, as after a notification.  False: nobody to tell.
 */
static bool trap_reflect(struct core *core, const struct trap_frame *tf,
			 uint64_t va)
{
	struct proc *p = core->owner;
	struct vcpd *vcpd = vcpd_of(p, core->owner_vcoreid);
	struct event_msg msg = {
		.ev_type = EV_PAGE_FAULT,
		.ev_arg1 = tf->vector,
		.ev_arg2 = tf->error,
		.ev_arg3 = (void *)va,
		.ev_arg4 = tf->rip,
	};

	if (tf->vector >= FAULT_NR || read_once(vcpd->notif_disabled) ||
	    read_once(vcpd->flags) & VC_SCP_NOVCCTX ||
	    !read_once(p->procdata->kernel_evts[EV_PAGE_FAULT]))
		return false;
	irq_enable();
	upcall_interrupt(core, p);
	send_kernel_event(p, &msg, core->owner_vcoreid);
	core_loop();
}

void trap_user(struct trap_frame *tf)
{
	struct core *core = this_core();
	uint64_t va = fault_address(tf);
	int err = 0;

	core->ctx = (struct context *)tf->regs;
	if (!trap_interrupt(tf->vector))
		err = trap_page_in(tf, va);
	if (err && !trap_reflect(core, tf, va))
		trap_kill(core, tf, va, err);
	if (!kmsg_waiting() && !proc_is_dying(core->owner))
		return;
	core_loop();
}

void trap_kernel(struct trap_frame *tf)
{
	uint64_t va = fault_address(tf);
	uintptr_t fixup;

	if (trap_interrupt(tf->vector))
		return;
	/* Nothing else may touch user memory, present or not: bringing in a
	 * page that is there would only fault again. */
	if (usercopy_fixup(tf->rip, &fixup)) {
		if (trap_page_in(tf, va))
			trap_go_on(tf, fixup);
		return;
	}
	panic("%s in the kernel at rip 0x%lx, address 0x%lx, error 0x%lx",
	      exception_name(tf->vector), tf->rip, va, tf->error);
}

/* A kernel stack that is full has no room to tell of a page fault either: that
 * makes a double fault, about the same address. */
void trap_fatal(const uint64_t *pushed)
{
	panic("%s at rip 0x%lx, rsp 0x%lx%s", exception_name(pushed[0]),
	      pushed[2], pushed[5], kstack_is_guard(trap_fault_address()) ?
	      ": the kernel stack is full" : "");
}
