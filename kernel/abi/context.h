/*
 * context.h - a user context: what a core must load to continue user code.
 *
 * The kernel writes one into a vcore's VCPD when it interrupts a uthread; the
 * user library writes one when a uthread blocks, and loads either.  So both
 * sides, and the assembly of both, know this layout.
 */
#pragma once

/* context.kind: how much of the rest must be restored. */
#define CTX_HW	0		/* interrupted anywhere: every register */
/* left by a function call: rbx rbp r12-r15 rsp rip, MXCSR and the x87
 * control word; the rest is the caller's to lose */
#define CTX_SW	1

/* Offsets, for assembly. */
#define CTX_RAX		0x00
#define CTX_RBX		0x08
#define CTX_RCX		0x10
#define CTX_RDX		0x18
#define CTX_RSI		0x20
#define CTX_RDI		0x28
#define CTX_RBP		0x30
#define CTX_RSP		0x38
#define CTX_R8		0x40
#define CTX_R9		0x48
#define CTX_R10		0x50
#define CTX_R11		0x58
#define CTX_R12		0x60
#define CTX_R13		0x68
#define CTX_R14		0x70
#define CTX_R15		0x78
#define CTX_RIP		0x80
#define CTX_RFLAGS	0x88
#define CTX_FS		0x90
#define CTX_KIND	0x98
#define CTX_FPU		0xa0

#ifndef __ASSEMBLER__

#include "types.h"

struct context {
	uint64_t	rax, rbx, rcx, rdx;	/* 0x00 */
	uint64_t	rsi, rdi, rbp, rsp;	/* 0x20 */
	uint64_t	r8, r9, r10, r11;	/* 0x40 */
	uint64_t	r12, r13, r14, r15;	/* 0x60 */
	uint64_t	rip;			/* 0x80 */
	uint64_t	rflags;			/* 0x88 */
	uint64_t	fs_base;		/* 0x90 */
	uint64_t	kind;			/* 0x98: CTX_* */
	uint8_t		fpu[512] __attribute__((aligned(16)));	/* FXSAVE */
};
ABI_SIZE(struct context, 0xa0 + 512);
_Static_assert(offsetof(struct context, rdx) == CTX_RDX, "CTX_RDX");
_Static_assert(offsetof(struct context, rsp) == CTX_RSP, "CTX_RSP");
_Static_assert(offsetof(struct context, r11) == CTX_R11, "CTX_R11");
_Static_assert(offsetof(struct context, r15) == CTX_R15, "CTX_R15");
_Static_assert(offsetof(struct context, rip) == CTX_RIP, "CTX_RIP");
_Static_assert(offsetof(struct context, fpu) == CTX_FPU, "CTX_FPU");

#endif
