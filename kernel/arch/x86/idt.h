/*
 * idt.h - where each trap and interrupt enters the kernel.
 */
#pragma once

#include "abi/types.h"

#define NR_VECTORS	256

/* The entry of each vector.  Defined in arch/x86/entry.S. */
extern const uint64_t trap_vectors[NR_VECTORS];

/*
 * Build the table that all cores share.  All gates turn interrupts off; user
 * code may call only the one for int3.
 *
 * Context: core 0, once.
 */
void idt_init(void);

/*
 * From now on NMI, double fault and machine check switch to the stacks of
 * their own that segments_init_core() has brought.
 *
 * Context: core 0, once, after segments_init_core().
 */
void idt_use_stacks(void);

/* Make this core use the table. */
void idt_load(void);
