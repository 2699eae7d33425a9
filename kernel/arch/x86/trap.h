/*
 * trap.h - what entry.S leaves on the stack, and whom it calls.
 */
#pragma once

#include "abi/context.h"

enum {
	TRAP_BREAKPOINT	= 3,
	TRAP_PAGE_FAULT	= 14,
	TRAP_NR		= 32,	/* vectors below are exceptions */
};

#define PF_WRITE	0x2	/* error code of a page fault */
#define PF_FETCH	0x10

struct trap_frame {
	/* Laid out as the beginning of a struct context, up to its FPU. */
	uint64_t	regs[CTX_FPU / 8];
	uint64_t	pad;
	uint64_t	vector;
	uint64_t	error;		/* 0 where the processor gives none */
	/* What IRET takes back; a fixup changes rip here. */
	uint64_t	rip, cs, rflags, rsp, ss;
};
_Static_assert(offsetof(struct trap_frame, vector) == CTX_FPU + 8, "entry.S");

/* The address that a page fault was about.  Context: its handler. */
uint64_t trap_fault_address(void);

/*
 * Defined in syscall/trap.c; entry.S calls them with interrupts off.
 */
void trap_user(struct trap_frame *tf);
void trap_kernel(struct trap_frame *tf);
void trap_fatal(const uint64_t *pushed) __attribute__((noreturn));
