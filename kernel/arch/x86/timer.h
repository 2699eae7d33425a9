/*
 * timer.h - what time it is, and an interrupt later.
 *
 * Time is the TSC's, the same on all cores.  The interrupt is the local
 * APIC's, VEC_TIMER, one at a time on each core.
 */
#pragma once

#include "abi/types.h"

/*
 * Find out how fast the two count.
 *
 * Context: core 0, once, after acpi_init() and apic_init_core(); interrupts
 * off.
 */
void timer_init(void);

/* Prepare this core's timer, stopped.  Context: interrupts off, timer_init()
 * and apic_init_core() done. */
void timer_init_core(void);

/* Nanoseconds since timer_init(); never goes back. */
uint64_t time_ns(void);

/* Ticks of the TSC in a second. */
uint64_t tsc_hz(void);

/* The TSC at time 0. */
uint64_t tsc_at_start(void);

/*
 * Interrupt this core in @ns nanoseconds, once, in place of what was armed.
 * May come early, when @ns is seconds: look at time_ns() and arm again.
 *
 * Context: any, but the caller stays on this core.
 */
void timer_arm(uint64_t ns);

/* No interrupt after all.  One that is on its way still comes. */
void timer_stop(void);

/* Spin for @ns nanoseconds, with no pause: see the platform's repeatable mode,
 * in which a pause gives the time away. */
void time_delay(uint64_t ns);
