/*
 * cpu.h - what the processor can do, and turning it on.
 */
#pragma once

#include "abi/types.h"

/*
 * Panic, saying what is missing and where to get it, unless this processor
 * has all that ev6 requires.  Without SMAP, its instructions become nops.
 *
 * Context: core 0, once, before all below.
 */
void cpu_check(void);

/*
 * Turn on what this core has: write protection, NX, syscall, FSGSBASE, SSE
 * for users; SMEP, SMAP and UMIP where present.
 *
 * Context: each core once, interrupts off.
 */
void cpu_init_core(void);
