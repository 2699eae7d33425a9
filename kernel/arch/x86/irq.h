/*
 * irq.h - interrupts of this core: on, off, and waiting for one.
 */
#pragma once

#include "abi/types.h"

#define FLAGS_IF	0x200

static inline void irq_enable(void)
{
	__asm__ volatile("sti" ::: "memory");
}

static inline void irq_disable(void)
{
	__asm__ volatile("cli" ::: "memory");
}

/* The flags register, with FLAGS_IF in it. */
static inline uint64_t irq_flags(void)
{
	uint64_t flags;

	__asm__ volatile("pushfq; popq %0" : "=r"(flags) :: "memory");
	return flags;
}

static inline bool irqs_enabled(void)
{
	return irq_flags() & FLAGS_IF;
}

/* Turn interrupts off; give the result to irq_restore(). */
static inline uint64_t irq_save(void)
{
	uint64_t flags = irq_flags();

	irq_disable();
	return flags;
}

static inline void irq_restore(uint64_t flags)
{
	if (flags & FLAGS_IF)
		irq_enable();
}

/*
 * Turn interrupts on and halt until one has been handled.
 *
 * sti holds interrupts off for one more instruction, so none fits between the
 * two: whoever looked for work with interrupts off, found none and calls this
 * will be woken by the interrupt that announces work.  Returns with
 * interrupts on.
 */
static inline void irq_wait(void)
{
	__asm__ volatile("sti; hlt" ::: "memory");
}
