/*
 * apic.c - interrupts from one core to another, and from devices to a core.
 */
#include "arch/x86/apic.h"

#include "arch/x86/acpi.h"
#include "arch/x86/vectors.h"
#include "arch/x86/x86.h"
#include "lib/panic.h"
#include "sync/atomic.h"

#define APIC_BASE_EN	(1UL << 11)
#define APIC_BASE_EXTD	(1UL << 10)	/* x2APIC mode */

#define X2APIC_ID	0x802
#define X2APIC_TPR	0x808
#define X2APIC_EOI	0x80b
#define X2APIC_SPURIOUS	0x80f
#define X2APIC_ESR	0x828
#define X2APIC_ICR	0x830
#define X2APIC_LVT	0x832		/* timer, thermal, counters, */
#define X2APIC_LVT_LAST	0x837		/* LINT0, LINT1, error */

#define SPURIOUS_ENABLE	(1UL << 8)
#define LVT_MASKED	(1UL << 16)

#define ICR_NMI		(4UL << 8)
#define ICR_INIT	(5UL << 8)
#define ICR_STARTUP	(6UL << 8)
#define ICR_ASSERT	(1UL << 14)

/* The I/O APIC: write a register's number here, its value there. */
#define IOAPIC_SELECT	0x00
#define IOAPIC_WINDOW	0x10
#define IOAPIC_VERSION	1
#define IOAPIC_PIN(pin)	(0x10 + 2 * (pin))

#define PIN_LOW_ACTIVE	(1u << 13)
#define PIN_LEVEL	(1u << 15)

/* MADT: what "as the bus does" is not; ISA is high and edge. */
#define MADT_POLARITY	0x3
#define MADT_LOW	0x3
#define MADT_TRIGGER	0xc
#define MADT_LEVEL	0xc

#define PIC1_DATA	0x21
#define PIC2_DATA	0xa1

void apic_init(void)
{
	outb(PIC1_DATA, 0xff);
	outb(PIC2_DATA, 0xff);
}

/*
 * x2APIC mode comes first: only then are the registers MSRs.  The register for
 * spurious interrupts, whose vector is VEC_SPURIOUS, also enables the APIC as a
 * whole.  Every entry of the local vector table is masked until whoever needs
 * it sets it up; errors are cleared; the task priority lets everything in.
 */
void apic_init_core(void)
{
	wrmsr(MSR_APIC_BASE,
	      rdmsr(MSR_APIC_BASE) | APIC_BASE_EN | APIC_BASE_EXTD);
	wrmsr(X2APIC_SPURIOUS, SPURIOUS_ENABLE | VEC_SPURIOUS);
	for (uint32_t msr = X2APIC_LVT; msr <= X2APIC_LVT_LAST; msr++)
		wrmsr(msr, LVT_MASKED);
	wrmsr(X2APIC_ESR, 0);
	wrmsr(X2APIC_TPR, 0);
}

uint32_t apic_id(void)
{
	return (uint32_t)rdmsr(X2APIC_ID);
}

/* Any value but 0 would be a fault. */
void apic_eoi(void)
{
	wrmsr(X2APIC_EOI, 0);
}

/*
 * Give @command to core @apicid: one write of 64 bits, the target in the upper
 * half, with no delivery status to wait for.  What was stored before it, on
 * this core, is there when the target is interrupted.
 */
static void icr_write(uint32_t apicid, uint64_t command)
{
	/* A WRMSR to an x2APIC register may pass earlier stores (SDM 3A, "MSR
	 * Access in x2APIC Mode"): drain them, so that the target finds why
	 * it was poked.  Pairs with atomic_swap_ptr() in
	 * core/kmsg.c:kmsg_take() [kmsg-ipi]. */
	ipi_fence();
	wrmsr(X2APIC_ICR, (uint64_t)apicid << 32 | command);
}

/* A fixed interrupt, which is delivery mode 0, asserted. */
void apic_send_ipi(uint32_t apicid, uint8_t vector)
{
	icr_write(apicid, ICR_ASSERT | vector);
}

void apic_send_nmi(uint32_t apicid)
{
	icr_write(apicid, ICR_ASSERT | ICR_NMI);
}

void apic_send_init(uint32_t apicid)
{
	icr_write(apicid, ICR_ASSERT | ICR_INIT);
}

void apic_send_sipi(uint32_t apicid, uint32_t pa)
{
	icr_write(apicid, ICR_ASSERT | ICR_STARTUP | pa >> PAGE_SHIFT);
}

static void ioapic_select(uint32_t reg)
{
	uint32_t *select = pa_to_va(acpi.ioapic + IOAPIC_SELECT);

	write_once(*select, reg);
}

static void ioapic_write(uint32_t reg, uint32_t value)
{
	uint32_t *window = pa_to_va(acpi.ioapic + IOAPIC_WINDOW);

	ioapic_select(reg);
	write_once(*window, value);
}

static uint32_t ioapic_read(uint32_t reg)
{
	uint32_t *window = pa_to_va(acpi.ioapic + IOAPIC_WINDOW);

	ioapic_select(reg);
	return read_once(*window);
}

void ioapic_route(uint32_t irq, uint8_t vector, uint32_t apicid)
{
	const struct isa_route *isa = &acpi.isa[irq];
	uint32_t pin = isa->gsi - acpi.gsi_base;
	uint32_t low = vector;

	assert(irq < ISA_IRQS && apicid < 255);
	if (!acpi.ioapic || pin > (ioapic_read(IOAPIC_VERSION) >> 16 & 0xff)) {
		warn("ISA interrupt %u reaches no I/O APIC", irq);
		return;
	}
	if ((isa->flags & MADT_POLARITY) == MADT_LOW)
		low |= PIN_LOW_ACTIVE;
	if ((isa->flags & MADT_TRIGGER) == MADT_LEVEL)
		low |= PIN_LEVEL;
	/* The low half unmasks: it goes last. */
	ioapic_write(IOAPIC_PIN(pin) + 1, apicid << 24);
	ioapic_write(IOAPIC_PIN(pin), low);
}
