/*
 * shootdown.h - make all cores forget translations that are no longer true.
 */
#pragma once

#include "mm/layout.h"

struct aspace;

/*
 * Return when no core remembers what pt_retire() took out of [start, end) of
 * @as before the call.  Other cores are interrupted only if they have @as
 * loaded.
 *
 * Context: kernel thread, no locks held: a core that spins on a lock of ours
 * with interrupts off would never answer.  Interrupts on or off.
 */
void tlb_shootdown(struct aspace *as, uintptr_t start, uintptr_t end);

/* Use the tables at @root on this core, which forgets all others.  Who may wait
 * for us in tlb_shootdown() is answered.  Context: interrupts off. */
void tlb_load(paddr_t root);

/* The body of VEC_TLB's handler.  Context: interrupts off. */
void tlb_interrupt(void);
