/*
 * smp.c - starting the other cores, and stopping them for good.
 *
 * Everything a new core needs is allocated here, before it starts: the new
 * cores share nothing on their way up but memory that they only read, so all
 * may come at once.
 */
#include "arch/x86/smp.h"

#include "arch/x86/acpi.h"
#include "arch/x86/apic.h"
#include "arch/x86/cpu.h"
#include "arch/x86/idt.h"
#include "arch/x86/irq.h"
#include "arch/x86/segments.h"
#include "arch/x86/timer.h"
#include "arch/x86/trampoline.h"
#include "arch/x86/x86.h"
#include "lib/panic.h"
#include "lib/string.h"
#include "mm/kstack.h"
#include "mm/layout.h"
#include "sync/atomic.h"
#include "sync/percore.h"

#define US		1000UL
#define MS		(1000 * US)
#define INIT_DELAY	(100 * US)
#define SECOND_SIPI	(100 * MS)
#define GIVE_UP		(10000 * MS)	/* no core has come for so long */

/* Pauses of about 0.1 us: what a panic waits for the others. */
#define STOP_SPINS	(1u << 20)

extern const char trampoline_start[], trampoline_end[];
void smp_core_main(struct percore *pc) __attribute__((noreturn));

/* Fixed before the first core starts; boot/trampoline.S reads them too. */
struct percore *smp_percores[MAX_CORES + 1];	/* by coreid, then NULL */
uint64_t smp_cr3;
static void (*smp_entry)(void);

/* Counted by arch/x86/entry.S:trap_nmi, for the core that stops the rest. */
uint32_t smp_nr_stopped;

/* First C code of every core but the first; called by boot/trampoline.S. */
void smp_core_main(struct percore *pc)
{
	segments_init_core(pc);
	idt_load();
	cpu_init_core();
	apic_init_core();
	timer_init_core();
	/* Ready before seen.  Pairs with load_acquire() in
	 * arch/x86/smp.c:core_is_online() [core-online]. */
	store_release(&pc->online, 1);
	smp_entry();
	panic("core %u has nothing left to do", pc->coreid);
}

static void smp_alloc(uint32_t coreid, uint32_t apicid)
{
	struct percore *pc = core_alloc(coreid, apicid);

	if (pc && !pc->kstack_top)
		pc->kstack_top = kstack_alloc();
	if (!pc || !pc->kstack_top || segments_alloc(pc))
		panic("no memory for core %u: give QEMU more with -m", coreid);
	smp_percores[coreid] = pc;
}

static bool core_is_online(struct percore *pc)
{
	/* Seen before used.  Pairs with store_release() in
	 * arch/x86/smp.c:smp_core_main() [core-online]. */
	return load_acquire(&pc->online);
}

/* How many cores are up. */
static uint32_t smp_nr_online(void)
{
	uint32_t n = 0;

	for (int i = 0; smp_percores[i]; i++)
		n += core_is_online(smp_percores[i]);
	return n;
}

static void smp_send_sipis(void)
{
	for (int i = 0; smp_percores[i]; i++) {
		if (!core_is_online(smp_percores[i]))
			apic_send_sipi(smp_percores[i]->apicid, TRAMPOLINE);
	}
}

/* Wait until @wanted cores have come, or none for @patience nanoseconds. */
static uint32_t smp_wait(uint32_t wanted, uint64_t patience)
{
	uint64_t last = time_ns();
	uint32_t online = smp_nr_online();

	while (online < wanted && time_ns() - last < patience) {
		uint32_t now = smp_nr_online();

		if (now != online)
			last = time_ns();
		online = now;
		cpu_relax_bounded();
	}
	return online;
}

uint32_t smp_start_cores(void (*entry)(void))
{
	uint32_t self = apic_id();
	uint32_t nr_cores = 1;

	smp_entry = entry;
	smp_cr3 = read_cr3();
	smp_percores[0] = percore();
	smp_percores[0]->online = 1;
	for (uint32_t i = 0; i < acpi.nr_cores; i++) {
		if (acpi.apicids[i] != self)
			smp_alloc(nr_cores++, acpi.apicids[i]);
	}
	memcpy(pa_to_va(TRAMPOLINE), trampoline_start,
	       (size_t)(trampoline_end - trampoline_start));

	for (uint32_t i = 1; i < nr_cores; i++)
		apic_send_init(smp_percores[i]->apicid);
	time_delay(INIT_DELAY);
	smp_send_sipis();
	/* A start-up IPI may be lost; a core that runs ignores a second. */
	if (smp_wait(nr_cores, SECOND_SIPI) < nr_cores)
		smp_send_sipis();
	return smp_wait(nr_cores, GIVE_UP);
}

void smp_halt(void)
{
	irq_disable();
	for (;;)
		hlt();
}

void smp_stop_others(void)
{
	uint32_t self = core_id();
	uint32_t sent = 0;

	for (int i = 0; smp_percores[i]; i++) {
		struct percore *pc = smp_percores[i];

		if (pc->coreid == self || !core_is_online(pc))
			continue;
		apic_send_nmi(pc->apicid);
		sent++;
	}
	for (uint32_t i = 0; i < STOP_SPINS; i++) {
		if (read_once(smp_nr_stopped) >= sent)
			break;
		cpu_relax_bounded();
	}
}

bool smp_stopped(uint32_t coreid, struct smp_stopped *at)
{
	uintptr_t top = segments_ist_top(smp_percores[coreid], IST_NMI);

	/* The stack was zeroed, and nobody else ever runs on it. */
	*at = *((struct smp_stopped *)top - 1);
	return at->cs;
}
