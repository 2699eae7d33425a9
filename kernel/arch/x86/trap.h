/*
 * trap.h - what entry.S leaves on the stack, and whom it calls.
 */
#pragma once

#include "abi/context.h"

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
