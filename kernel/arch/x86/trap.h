/*
 * trap.h - what entry.S leaves on the stack, and whom it calls.
 */
#pragma once

#include "abi/context.h"

enum {
	TRAP_DIVIDE	= 0,
	TRAP_BREAKPOINT	= 3,
	TRAP_STACK	= 12,
	TRAP_PROTECTION	= 13,
	TRAP_PAGE_FAULT	= 14,
	TRAP_X87	= 16,
	TRAP_SIMD	= 19,
	TRAP_NR		= 32,	/* vectors below are exceptions */
};

#define PF_WRITE	0x2	/* error code of a page fault */
#define PF_FETCH	0x10

#define RFLAGS_AC	0x40000UL	/* set by stac, cleared by clac */

struct trap_frame {
	/* Laid out as the beginning of a struct context, up to its FPU. */
	uint64_t	regs[CTX_FPU / 8];
	uint64_t	pad;
	uint64_t	vector;
	uint64_t	error;		/* 0 where the processor gives none */
	/* What IRET takes back; trap_go_on() changes it. */
	uint64_t	rip, cs, rflags, rsp, ss;
};
_Static_assert(offsetof(struct trap_frame, vector) == CTX_FPU + 8, "entry.S");

/* What @tf interrupted goes on at @rip, with user memory closed. */
static inline void trap_go_on(struct trap_frame *tf, uint64_t rip)
{
	tf->rip = rip;
	tf->rflags &= ~RFLAGS_AC;
}

/* The address that a page fault was about.  Context: its handler. */
uint64_t trap_fault_address(void);

/*
 * Defined in syscall/trap.c; entry.S calls them with interrupts off.
 */
void trap_user(struct trap_frame *tf);
void trap_kernel(struct trap_frame *tf);
void trap_fatal(const uint64_t *pushed) __attribute__((noreturn));
