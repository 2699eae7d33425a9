/*
 * timer.c - what time it is, and an interrupt later.
 *
 * A hypervisor that knows the rates says so in CPUID.  Else the TSC is held
 * against the ACPI timer, whose rate is fixed by its standard.
 *
 * The local APIC's current count is never read: with -icount, QEMU gives up
 * at that.
 */
#include "arch/x86/timer.h"

#include "arch/x86/acpi.h"
#include "arch/x86/vectors.h"
#include "arch/x86/x86.h"
#include "lib/panic.h"

#define X2APIC_IRR	0x820		/* 8 registers of 32 vectors */
#define X2APIC_LVT_TIMER 0x832
#define X2APIC_COUNT	0x838		/* initial count; starts the timer */
#define X2APIC_DIVIDE	0x83e

#define DIVIDE_BY_16	3		/* as X2APIC_DIVIDE codes it */
#define DIVISOR		16
#define LVT_MASKED	(1UL << 16)
#define COUNT_MAX	0xffffffffUL

#define NS_PER_S	1000000000UL

#define PM_TIMER_HZ	3579545
#define PM_TIMER_MASK	0xffffff	/* the bits that all have */
#define PM_WINDOW	(PM_TIMER_HZ / 500)

#define CPUID_FEATURES	1
#define CPUID_TSC	0x15
#define CPUID_HV	0x40000000
#define CPUID_HV_TIMING	0x40000010
#define ECX_HYPERVISOR	(1u << 31)

/* Fixed after timer_init(). */
static uint64_t tsc_rate;		/* per second */
static uint64_t tsc_start;		/* time zero */
static uint64_t ns_per_tick;		/* 32.32 fixed point */
static uint64_t ticks_per_ns;		/* 32.32; of the timer */

/* One look at both clocks. */
struct look {
	uint64_t	tsc;
	uint32_t	pm;
};

/*
 * Look at both clocks at once, or nearly: the host may take the processor
 * away between the two, so the closest of a few tries counts.
 */
static struct look look_at_clocks(void)
{
	struct look best = { 0 };
	uint64_t best_width = UINT64_MAX;

	for (int i = 0; i < 8; i++) {
		uint64_t before = rdtsc();
		uint32_t pm = inl(acpi.pm_timer);
		uint64_t width = rdtsc() - before;

		if (width >= best_width)
			continue;
		best_width = width;
		best.tsc = before + width / 2;
		best.pm = pm;
	}
	return best;
}

/* Measure the TSC against the ACPI timer. */
static uint64_t tsc_measure(void)
{
	struct look begin, end;
	uint64_t passed;

	if (!acpi.pm_timer)
		panic("no ACPI timer to measure the TSC with");
	begin = look_at_clocks();
	do {
		end = look_at_clocks();
		passed = (end.pm - begin.pm) & PM_TIMER_MASK;
	} while (passed < PM_WINDOW);
	return (end.tsc - begin.tsc) * PM_TIMER_HZ / passed;
}

/* The hypervisor's leaf @leaf, or zeros if there is no such thing. */
static struct cpuid hypervisor_leaf(uint32_t leaf)
{
	struct cpuid none = { 0 };

	if (!(cpuid(CPUID_FEATURES, 0).ecx & ECX_HYPERVISOR) ||
	    cpuid(CPUID_HV, 0).eax < leaf)
		return none;
	return cpuid(leaf, 0);
}

static uint64_t tsc_find_rate(void)
{
	struct cpuid hv = hypervisor_leaf(CPUID_HV_TIMING);
	struct cpuid tsc = { 0 };

	if (hv.eax)
		return hv.eax * 1000UL;
	if (cpuid(0, 0).eax >= CPUID_TSC)
		tsc = cpuid(CPUID_TSC, 0);
	if (tsc.eax && tsc.ebx && tsc.ecx)
		return (uint64_t)tsc.ecx * tsc.ebx / tsc.eax;
	return tsc_measure();
}

/*
 * Measure the local APIC's timer against the TSC: let it fire with interrupts
 * off and wait until the interrupt shows up as pending.
 *
 * It is delivered when interrupts go on, and is one that nobody asked for.
 * Looks are a few microseconds apart: each takes QEMU's big lock, which the
 * thread that fires the timer wants.
 */
static uint64_t apic_measure(void)
{
	const uint64_t count = 1 << 16;
	uint64_t begin = rdtsc();
	uint64_t now = begin;

	wrmsr(X2APIC_LVT_TIMER, VEC_TIMER);
	wrmsr(X2APIC_COUNT, count);
	while (!(rdmsr(X2APIC_IRR + VEC_TIMER / 32) >> VEC_TIMER % 32 & 1)) {
		uint64_t next = now + tsc_rate / 200000;

		if (now - begin > tsc_rate)
			panic("the local APIC timer does not fire");
		while (now < next)
			now = rdtsc();
	}
	return count * tsc_rate / (now - begin);
}

/* Counts of the local APIC's timer in a second, after the divisor. */
static uint64_t apic_find_rate(void)
{
	struct cpuid hv = hypervisor_leaf(CPUID_HV_TIMING);
	struct cpuid name = hypervisor_leaf(CPUID_HV);

	if (hv.ebx)
		return hv.ebx * 1000UL / DIVISOR;
	/* "TCGT" and "KVMK": QEMU's timer counts nanoseconds in both.  To
	 * measure that would only add the host's delays. */
	if (name.ebx == 0x54474354 || name.ebx == 0x4b4d564b)
		return NS_PER_S / DIVISOR;
	return apic_measure();
}

void timer_init(void)
{
	tsc_start = rdtsc();
	tsc_rate = tsc_find_rate();
	ns_per_tick = (NS_PER_S << 32) / tsc_rate;
	wrmsr(X2APIC_DIVIDE, DIVIDE_BY_16);
	ticks_per_ns = (apic_find_rate() << 32) / NS_PER_S;
}

void timer_init_core(void)
{
	wrmsr(X2APIC_COUNT, 0);
	wrmsr(X2APIC_DIVIDE, DIVIDE_BY_16);
	wrmsr(X2APIC_LVT_TIMER, VEC_TIMER);
}

uint64_t tsc_hz(void)
{
	return tsc_rate;
}

uint64_t tsc_at_start(void)
{
	return tsc_start;
}

uint64_t time_ns(void)
{
	unsigned __int128 ticks = rdtsc() - tsc_start;

	return (uint64_t)(ticks * ns_per_tick >> 32);
}

void timer_arm(uint64_t ns)
{
	unsigned __int128 count = (unsigned __int128)ns * ticks_per_ns >> 32;

	/* Rounded up, or the clock would not have reached the time yet. */
	count++;
	wrmsr(X2APIC_COUNT, count < COUNT_MAX ? (uint64_t)count : COUNT_MAX);
}

void timer_stop(void)
{
	wrmsr(X2APIC_COUNT, 0);
}

void time_delay(uint64_t ns)
{
	uint64_t end = time_ns() + ns;

	while (time_ns() < end)
		continue;
}
