/*
 * segments.c - descriptor table, task state and interrupt stacks of a core.
 *
 * NMI, double fault and machine check come when the stack is not to be
 * trusted, and may come inside each other: each has a stack of its own.
 */
#include "arch/x86/segments.h"

#include "abi/errno.h"
#include "arch/x86/x86.h"
#include "mm/page.h"
#include "sync/percore.h"

#define GDT_ENTRIES	7
#define GDT_TSS		(TSS_SELECTOR / 8)
#define DESC_TSS	0x89UL		/* present, available 64-bit TSS */

struct tss {
	uint32_t	reserved0;
	uint64_t	rsp[3];
	uint64_t	ist[8];		/* by number; 0 is reserved */
	uint64_t	reserved1;
	uint16_t	reserved2;
	uint16_t	iomap;
} __attribute__((packed));
_Static_assert(sizeof(struct tss) == 104, "TSS as the processor reads it");

/* Four pages: one for the tables, then the stacks, each growing down. */
struct segments {
	uint64_t	gdt[GDT_ENTRIES];
	struct tss	tss;
	uint8_t		stacks[IST_MCHECK][PAGE_SIZE]
			__attribute__((aligned(4096)));
};
_Static_assert(sizeof(struct segments) == 4 * PAGE_SIZE, "segments");
#define SEGMENTS_ORDER	2

/* Core 0's until it has a struct core; boot/pvh.S points GS here. */
struct percore boot_percore = { .self = &boot_percore };

int segments_alloc(struct percore *pc)
{
	struct segments *s = page_alloc_zeroed(SEGMENTS_ORDER);
	uint64_t tss;

	if (!s)
		return -ENOMEM;
	tss = (uint64_t)&s->tss;
	s->gdt[KERNEL_CS / 8] = GDT_KERNEL_CODE;
	s->gdt[KERNEL_DS / 8] = GDT_KERNEL_DATA;
	s->gdt[USER_DS / 8] = GDT_USER_DATA;
	s->gdt[USER_CS / 8] = GDT_USER_CODE;
	s->gdt[GDT_TSS] = (sizeof(s->tss) - 1) | (tss & 0xffffff) << 16 |
			  DESC_TSS << 40 | (tss >> 24 & 0xff) << 56;
	s->gdt[GDT_TSS + 1] = tss >> 32;

	s->tss.iomap = sizeof(s->tss);	/* none: ports are the kernel's */
	s->tss.rsp[0] = pc->kstack_top;
	for (int i = 0; i < IST_MCHECK; i++)
		s->tss.ist[i + 1] = (uint64_t)s->stacks[i + 1];
	pc->segments = s;
	return 0;
}

void segments_init_core(struct percore *pc)
{
	struct segments *s = pc->segments;
	struct table_register gdt = {
		.limit = sizeof(s->gdt) - 1,
		.base = (uint64_t)s->gdt,
	};

	/* The selectors in use mean the same in the new table. */
	lgdt(&gdt);
	ltr(TSS_SELECTOR);
	wrmsr(MSR_GS_BASE, (uint64_t)pc);
	wrmsr(MSR_KERNEL_GS, 0);
	/* sysret adds 8 for the stack's selector and 16 for the code's. */
	wrmsr(MSR_STAR, (uint64_t)KERNEL_DS << 48 | (uint64_t)KERNEL_CS << 32);
}

void segments_set_kstack(uintptr_t top)
{
	struct percore *pc = percore();

	pc->kstack_top = top;
	pc->segments->tss.rsp[0] = top;
}

uintptr_t segments_ist_top(const struct percore *pc, int ist)
{
	return pc->segments->tss.ist[ist];
}
