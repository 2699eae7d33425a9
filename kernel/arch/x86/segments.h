/*
 * segments.h - the segments that long mode still wants, and the task state
 * segment that says which stack a trap starts on.  Assembly includes it too.
 */
#pragma once

/* The order is what syscall and sysret demand. */
#define KERNEL_CS	0x08
#define KERNEL_DS	0x10
#define USER_DS		0x1b
#define USER_CS		0x23
#define TSS_SELECTOR	0x28

#define GDT_KERNEL_CODE	0x00af9b000000ffff
#define GDT_KERNEL_DATA	0x00cf93000000ffff
#define GDT_USER_DATA	0x00cff3000000ffff
#define GDT_USER_CODE	0x00affb000000ffff

/* Interrupt stacks, numbered as the IDT does; 0 is "stay where you are". */
#define IST_NMI		1
#define IST_DOUBLE	2
#define IST_MCHECK	3

#ifndef __ASSEMBLER__

#include "abi/types.h"

struct percore;

/*
 * Give @pc its descriptor table, task state and interrupt stacks.  0 or
 * -ENOMEM.  Context: core 0 while it starts the machine.
 */
int segments_alloc(struct percore *pc);

/*
 * Make this core the one that @pc describes: GS base, GDT, TSS, and the
 * selectors that syscall and sysret load.
 *
 * Context: interrupts off, no locks; segments_alloc(@pc) was done.
 */
void segments_init_core(struct percore *pc);

/*
 * Traps and system calls from user mode on this core start at @top from now
 * on: sets TSS.rsp0 and percore()->kstack_top.
 *
 * Context: interrupts off.
 */
void segments_set_kstack(uintptr_t top);

/* The top of interrupt stack @ist of the core that @pc describes. */
uintptr_t segments_ist_top(const struct percore *pc, int ist);

#endif
