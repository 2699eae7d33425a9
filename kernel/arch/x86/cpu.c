/*
 * cpu.c - what the processor can do, and turning it on.
 */
#include "arch/x86/cpu.h"

#include "arch/x86/x86.h"
#include "lib/panic.h"
#include "lib/string.h"

/* CPUID leaf 1 */
#define ECX1_X2APIC	(1u << 21)
#define EDX1_MCE	(1u << 7)
/* CPUID leaf 7 */
#define EBX7_FSGSBASE	(1u << 0)
#define EBX7_SMEP	(1u << 7)
#define EBX7_SMAP	(1u << 20)
#define ECX7_UMIP	(1u << 2)
/* CPUID leaf 0x80000001 */
#define EDXX_SYSCALL	(1u << 11)
#define EDXX_NX		(1u << 20)

/* Where stac and clac stand, from kernel.ld. */
extern uint8_t *const smap_start[], *const smap_end[];

static bool cpu_has_smap;

/* All zero if the processor has no such leaf: no feature of it is there. */
static struct cpuid cpuid_leaf(uint32_t leaf)
{
	struct cpuid none = { 0 };

	if (cpuid(leaf & 0x80000000, 0).eax < leaf)
		return none;
	return cpuid(leaf, 0);
}

static void cpu_require(uint32_t have, const char *name)
{
	if (!have)
		panic("this processor has no %s, which ev6 requires; "
		      "give QEMU -cpu max,+x2apic", name);
}

/* Put nops in the place of instructions that this processor does not know.
 * Context: before cpu_init_core() protects what is read-only. */
static void cpu_drop_smap(void)
{
	static const uint8_t nop[] = { 0x0f, 0x1f, 0x00 };

	for (uint8_t *const *site = smap_start; site < smap_end; site++)
		memcpy(*site, nop, sizeof(nop));
}

/*
 * Panic unless CPUID says that there is an x2APIC.  Most who see this have a
 * QEMU that is too old, or was told too little, so the message says what is
 * missing, what to give QEMU (-cpu max,+x2apic), and which QEMU has it: 9.0
 * or later when it emulates the processor, any with KVM.
 */
static void cpu_require_x2apic(void)
{
	if (!(cpuid_leaf(1).ecx & ECX1_X2APIC))
		panic("this processor has no x2APIC, which ev6 requires; "
		      "give QEMU -cpu max,+x2apic (emulated: QEMU 9.0 or "
		      "later; any QEMU with KVM)");
}

void cpu_check(void)
{
	cpu_require_x2apic();
	cpu_require(cpuid_leaf(7).ebx & EBX7_FSGSBASE, "FSGSBASE");
	cpu_require(cpuid_leaf(0x80000001).edx & EDXX_NX, "NX");
	cpu_require(cpuid_leaf(0x80000001).edx & EDXX_SYSCALL, "SYSCALL");
	cpu_has_smap = cpuid_leaf(7).ebx & EBX7_SMAP;
	if (!cpu_has_smap)
		cpu_drop_smap();
}

void cpu_init_core(void)
{
	struct cpuid leaf7 = cpuid_leaf(7);
	uint64_t cr0 = read_cr0();
	uint64_t cr4 = read_cr4();

	cr0 &= ~(CR0_EM | CR0_TS);
	cr0 |= CR0_WP | CR0_MP | CR0_NE;
	write_cr0(cr0);

	cr4 |= CR4_PGE | CR4_OSFXSR | CR4_OSXMMEXCPT | CR4_FSGSBASE;
	if (cpuid_leaf(1).edx & EDX1_MCE)
		cr4 |= CR4_MCE;
	if (leaf7.ebx & EBX7_SMEP)
		cr4 |= CR4_SMEP;
	if (cpu_has_smap)
		cr4 |= CR4_SMAP;
	if (leaf7.ecx & ECX7_UMIP)
		cr4 |= CR4_UMIP;
	write_cr4(cr4);

	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_NXE | EFER_SCE);
}
