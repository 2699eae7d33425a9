/*
 * irq.h - interrupts, as the explorer delivers them: takes the place of
 * kernel/arch/x86/irq.h.
 */
#pragma once

#include "abi/types.h"

#define FLAGS_IF	0x200

void xp_irq_on(void);
void xp_irq_off(void);
void xp_halt(void);
bool xp_irqs_on(void);

static inline void irq_enable(void)
{
	xp_irq_on();
}

static inline void irq_disable(void)
{
	xp_irq_off();
}

static inline bool irqs_enabled(void)
{
	return xp_irqs_on();
}

/* sti and hlt in one: nothing comes between. */
static inline void irq_wait(void)
{
	xp_halt();
}
