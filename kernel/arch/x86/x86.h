/*
 * x86.h - instructions that C has no word for.
 *
 * Only arch/x86, boot and dev include it; the rest of the kernel uses the
 * verbs of the other headers here.
 */
#pragma once

#include "abi/types.h"

#define MSR_APIC_BASE	0x0000001b
#define MSR_EFER	0xc0000080
#define MSR_STAR	0xc0000081
#define MSR_LSTAR	0xc0000082
#define MSR_SFMASK	0xc0000084
#define MSR_FS_BASE	0xc0000100
#define MSR_GS_BASE	0xc0000101
#define MSR_KERNEL_GS	0xc0000102	/* what swapgs brings */

#define EFER_SCE	(1UL << 0)
#define EFER_LME	(1UL << 8)
#define EFER_NXE	(1UL << 11)

#define CR0_MP		(1UL << 1)
#define CR0_EM		(1UL << 2)
#define CR0_TS		(1UL << 3)
#define CR0_NE		(1UL << 5)
#define CR0_WP		(1UL << 16)

#define CR4_MCE		(1UL << 6)
#define CR4_PGE		(1UL << 7)
#define CR4_OSFXSR	(1UL << 9)
#define CR4_OSXMMEXCPT	(1UL << 10)
#define CR4_UMIP	(1UL << 11)
#define CR4_FSGSBASE	(1UL << 16)
#define CR4_SMEP	(1UL << 20)
#define CR4_SMAP	(1UL << 21)

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

/* What lgdt and lidt load. */
struct table_register {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

static inline struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid r;

	__asm__ volatile("cpuid"
			 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(subleaf));
	return r;
}

static inline uint64_t rdmsr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

static inline void wrmsr(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr" :: "c"(msr), "a"((uint32_t)value),
			 "d"((uint32_t)(value >> 32)) : "memory");
}

static inline uint64_t rdtsc(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

static inline uint8_t inb(uint16_t port)
{
	uint8_t v;

	__asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static inline uint32_t inl(uint16_t port)
{
	uint32_t v;

	__asm__ volatile("inl %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static inline void outb(uint16_t port, uint8_t v)
{
	__asm__ volatile("outb %0, %1" :: "a"(v), "Nd"(port));
}

static inline void outw(uint16_t port, uint16_t v)
{
	__asm__ volatile("outw %0, %1" :: "a"(v), "Nd"(port));
}

static inline void outl(uint16_t port, uint32_t v)
{
	__asm__ volatile("outl %0, %1" :: "a"(v), "Nd"(port));
}

static inline uint64_t read_cr0(void)
{
	uint64_t v;

	__asm__ volatile("movq %%cr0, %0" : "=r"(v));
	return v;
}

static inline void write_cr0(uint64_t v)
{
	__asm__ volatile("movq %0, %%cr0" :: "r"(v) : "memory");
}

/* The address that the last page fault was about. */
static inline uint64_t read_cr2(void)
{
	uint64_t v;

	__asm__ volatile("movq %%cr2, %0" : "=r"(v));
	return v;
}

static inline uint64_t read_cr3(void)
{
	uint64_t v;

	__asm__ volatile("movq %%cr3, %0" : "=r"(v));
	return v;
}

static inline void write_cr3(uint64_t v)
{
	__asm__ volatile("movq %0, %%cr3" :: "r"(v) : "memory");
}

static inline uint64_t read_cr4(void)
{
	uint64_t v;

	__asm__ volatile("movq %%cr4, %0" : "=r"(v));
	return v;
}

static inline void write_cr4(uint64_t v)
{
	__asm__ volatile("movq %0, %%cr4" :: "r"(v) : "memory");
}

static inline void invlpg(const void *va)
{
	__asm__ volatile("invlpg (%0)" :: "r"(va) : "memory");
}

static inline void lgdt(const struct table_register *r)
{
	__asm__ volatile("lgdt %0" :: "m"(*r) : "memory");
}

static inline void lidt(const struct table_register *r)
{
	__asm__ volatile("lidt %0" :: "m"(*r) : "memory");
}

static inline void ltr(uint16_t selector)
{
	__asm__ volatile("ltr %0" :: "r"(selector));
}

/* Let the kernel touch user pages, and forbid it again; SMAP required. */
static inline void stac(void)
{
	__asm__ volatile("stac" ::: "memory");
}

static inline void clac(void)
{
	__asm__ volatile("clac" ::: "memory");
}

/* Halt until an interrupt; with interrupts off, until an NMI. */
static inline void hlt(void)
{
	__asm__ volatile("hlt" ::: "memory");
}

/* FS base by instruction; cpu_init_core() has turned FSGSBASE on. */
static inline uint64_t rdfsbase(void)
{
	uint64_t v;

	__asm__ volatile("rdfsbase %0" : "=r"(v));
	return v;
}

static inline void wrfsbase(uint64_t v)
{
	__asm__ volatile("wrfsbase %0" :: "r"(v));
}

/* The FPU's whole state, 512 bytes aligned to 16, and its control words. */
static inline void fxsave(uint8_t *area)
{
	__asm__ volatile("fxsave64 %0" : "=m"(*(uint8_t (*)[512])area));
}

static inline void fxrstor(const uint8_t *area)
{
	__asm__ volatile("fxrstor64 %0" :: "m"(*(const uint8_t (*)[512])area));
}

static inline void fninit(void)
{
	__asm__ volatile("fninit");
}

static inline void fldcw(uint16_t fcw)
{
	__asm__ volatile("fldcw %0" :: "m"(fcw));
}

static inline void fnstcw(uint16_t *fcw)
{
	__asm__ volatile("fnstcw %0" : "=m"(*fcw));
}

static inline void ldmxcsr(uint32_t mxcsr)
{
	__asm__ volatile("ldmxcsr %0" :: "m"(mxcsr));
}

static inline void stmxcsr(uint32_t *mxcsr)
{
	__asm__ volatile("stmxcsr %0" : "=m"(*mxcsr));
}
