/*
 * smp.h - starting the other cores, and stopping them for good.
 */
#pragma once

#include "abi/types.h"

/*
 * Start every core that ACPI lists, all at once; each ends up in @entry with
 * interrupts off and everything per core set up.  Gives the number of cores
 * that run, with this one; others have not come within seconds.
 *
 * Context: core 0, once; the final page tables, page_alloc(), the IDT and
 * timer_init() done; interrupts off; its own percore has coreid 0.
 */
uint32_t smp_start_cores(void (*entry)(void));

/*
 * Stop all other cores where they are, locks and all, by NMI.  Waits for them
 * a little, for one that is deaf must not keep a panic from being told.
 *
 * Context: any.
 */
void smp_stop_others(void);

/* What a core was doing when smp_stop_others() stopped it: its NMI stack. */
struct smp_stopped {
	uint64_t	rbp;
	uint64_t	vector, error;
	uint64_t	rip, cs, rflags, rsp, ss;
};

/*
 * That of core @coreid.  False: it has not stopped.  A peek, for one that was
 * deaf may be stopping now: then some of it is 0.  Context: panic().
 */
bool smp_stopped(uint32_t coreid, struct smp_stopped *at);

/* Never do anything again. */
void smp_halt(void) __attribute__((noreturn));
