/*
 * kmain.c - from the first line of C to the first process.
 *
 * Entered by boot/pvh.S on core 0, and by the other cores at core_main().
 * Nothing starts by itself: every part of the kernel is started here, in an
 * order in which each line finds what it needs.
 */
#include "arch/x86/acpi.h"
#include "arch/x86/apic.h"
#include "arch/x86/context.h"
#include "arch/x86/cpu.h"
#include "arch/x86/idt.h"
#include "arch/x86/irq.h"
#include "arch/x86/paging.h"
#include "arch/x86/segments.h"
#include "arch/x86/smp.h"
#include "arch/x86/timer.h"
#include "arch/x86/vectors.h"
#include "boot/bootinfo.h"
#include "core/alarm.h"
#include "core/core.h"
#include "core/race.h"
#include "core/trace.h"
#include "dev/console.h"
#include "dev/exit.h"
#include "dev/initramfs.h"
#include "dev/monitor.h"
#include "dev/record.h"
#include "dev/tap.h"
#include "dev/uart.h"
#include "lib/lab.h"
#include "lib/panic.h"
#include "lib/string.h"
#include "mm/kmalloc.h"
#include "mm/page.h"
#include "proc/proc.h"
#include "proc/restart.h"
#include "proc/sched.h"

#define EV6_VERSION	"0.1"
#define BEAT_NS		1000000000UL

void kmain(paddr_t start_info) __attribute__((noreturn));

/* What every other core does once it is up.  Interrupts are off. */
static void core_main(void)
{
	syscall_init_core();
	alarm_init_core();
	core_loop();
}

/* Compare the cores that came with those that were asked for. */
static void kmain_count_cores(uint32_t online)
{
	uint64_t asked = bootarg_number("ev6.cores", core_count());

	printk("ev6 " EV6_VERSION ": %u cores\n", online);
	if (lab_unwritten())
		printk("%u functions of this kernel are yours to write; "
		       "`make left` lists them\n", lab_unwritten());
	record("boot", "version=" EV6_VERSION " cores=%u asked=%lu seed=%lu",
	       online, asked, bootarg_number("ev6.seed", 0));
	if (online < asked)
		panic("%u cores came up, %lu were asked for", online, asked);
}

/* Once a second, show that the machine lives and moves. */
static void kmain_beat(struct alarm *alarm)
{
	static uint64_t ticks;		/* core 0 */
	uint64_t posted = 0, wakeups = 0, notifies = 0;
	struct proc *p;
	uint32_t pid = 0;

	while ((p = proc_next(pid))) {
		pid = p->pid;
		posted += read_once(p->procinfo->posted);
		wakeups += read_once(p->procinfo->wakeups);
		notifies += read_once(p->procinfo->notifies);
		proc_put(p);
	}
	record("beat", "ticks=%lu posted=%lu wakeups=%lu notifies=%lu",
	       ++ticks, posted, wakeups, notifies);
	alarm_set(alarm, time_ns() + BEAT_NS, kmain_beat);
}

/* Start the shell, or with ev6.run the commands that it names. */
static void kmain_first_process(void)
{
	static char args[BOOT_CMDLINE + 8] = "sh\0-c";
	bool run = bootarg_get("ev6.run", args + 6, BOOT_CMDLINE);
	size_t len = run ? 6 + strlen(args + 6) + 1 : 3;
	struct proc *p;
	int err = proc_create("sh", args, len, run ? 3 : 1, NULL, &p);

	if (err)
		panic("cannot start sh from the initramfs: error %d", -err);
	proc_run(p);
	proc_put(p);
}

/* What core 0 does on its first kernel stack. */
static void kmain_on_stack(void)
{
	static struct alarm beat;

	irq_enable();
	if (bootarg_number("ev6.trace", 0) && trace_start())
		panic("no memory for the trace: give QEMU more with -m");
	kmain_first_process();
	alarm_set(&beat, time_ns() + BEAT_NS, kmain_beat);
	core_loop();
}

/* Give core 0 its own data in place of what it booted with. */
static void kmain_core_zero(void)
{
	struct percore *pc = core_alloc(0, apic_id());

	if (!pc || segments_alloc(pc))
		panic("no memory for core 0: give QEMU more with -m");
	segments_init_core(pc);
}

void kmain(paddr_t start_info)
{
	uart_init();			/* needs nothing; now one can printk */
	idt_init();
	idt_load();			/* now a fault is a message */
	cpu_check();			/* refuses before features are used */
	cpu_init_core();
	bootinfo_init(start_info);	/* needs the boot page tables */
	acpi_init(bootinfo.rsdp);	/* the same; finds the cores */
	apic_init();
	apic_init_core();
	timer_init();			/* ACPI's timer, the APIC */
	timer_init_core();

	page_init(&bootinfo);
	paging_init(&bootinfo);		/* pages for the tables */
	page_init_high(&bootinfo);	/* the direct map of all RAM */
	kmalloc_init();			/* pages */
	kmain_core_zero();		/* pages */
	idt_use_stacks();		/* core 0's task state */

	initramfs_init(&bootinfo);	/* the direct map */
	console_init();
	tap_init();
	monitor_init();
	ioapic_route(ISA_IRQ_COM1, VEC_UART, apic_id());
	kmain_count_cores(smp_start_cores(core_main));	/* all of the above */
	for (uint32_t c = 0; c < core_count(); c++)
		restart_init_core(core_of(c));
	syscall_init_core();
	alarm_init_core();
	race_init();
	sched_init();			/* the cores, alarms */
	uart_input_on();		/* whom to wake */
	kstack_start(percore()->kstack_top, kmain_on_stack);
}
