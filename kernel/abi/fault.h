/*
 * fault.h - what the processor refuses, as EV_PAGE_FAULT tells of it.
 */
#pragma once

#include "abi/signal.h"
#include "abi/types.h"

/* The processor's vectors, in ev_arg1. */
#define FAULT_DIVIDE		0
#define FAULT_DEBUG		1
#define FAULT_BREAKPOINT	3
#define FAULT_OPCODE		6
#define FAULT_STACK		12
#define FAULT_PROTECTION	13
#define FAULT_PAGE		14
#define FAULT_X87		16
#define FAULT_SIMD		19
#define FAULT_NR		32	/* vectors from here on interrupt */

/* The error code of FAULT_PAGE, in ev_arg2. */
#define FAULT_PRESENT	0x1	/* the page is there, but not for this */
#define FAULT_WRITE	0x2
#define FAULT_FETCH	0x10

/* What a uthread gets for it, and what a process ends with. */
static inline int fault_signal(uint64_t trap)
{
	switch (trap) {
	case FAULT_DIVIDE:
	case FAULT_X87:
	case FAULT_SIMD:
		return SIGFPE;
	case FAULT_DEBUG:
	case FAULT_BREAKPOINT:
		return SIGTRAP;
	case FAULT_STACK:
	case FAULT_PROTECTION:
	case FAULT_PAGE:
		return SIGSEGV;
	default:
		return SIGILL;
	}
}
