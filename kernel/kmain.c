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
#include "arch/x86/paging.h"
#include "arch/x86/segments.h"
#include "arch/x86/smp.h"
#include "arch/x86/timer.h"
#include "arch/x86/vectors.h"
#include "boot/bootinfo.h"
#include "core/core.h"
#include "dev/exit.h"
#include "dev/record.h"
#include "dev/uart.h"
#include "lib/panic.h"
#include "mm/kmalloc.h"
#include "mm/page.h"

#define EV6_VERSION	"0.1"

void kmain(paddr_t start_info) __attribute__((noreturn));

/* What every other core does once it is up.  Interrupts are off. */
static void core_main(void)
{
	syscall_init_core();
	core_loop();
}

/* Compare the cores that came with those that were asked for. */
static void kmain_count_cores(uint32_t online)
{
	uint64_t asked = bootarg_number("ev6.cores", online);

	printk("ev6 " EV6_VERSION ": %u cores\n", online);
	record("boot", "version=" EV6_VERSION " cores=%u asked=%lu seed=%lu",
	       online, asked, bootarg_number("ev6.seed", 0));
	if (online < asked)
		panic("%u cores came up, %lu were asked for", online, asked);
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

	ioapic_route(ISA_IRQ_COM1, VEC_UART, apic_id());
	uart_input_on();
	kmain_count_cores(smp_start_cores(core_main));	/* all of the above */
	syscall_init_core();
	core_loop();
}
