/*
 * registers.h - hold a pattern in every register for a while, and look again.
 *
 * registers_hold() loads all that a program has, waits without changing any of
 * it but rcx, and stores all of it.  What is interrupted in between must come
 * back as it was: general registers, flags, red zone, x87, SSE, MXCSR, FS base.
 */
#pragma once

#include "test.h"

struct registers {
	uint64_t	gpr[14];	/* all but rsp and rcx, which counts */
	uint64_t	rflags;
	uint64_t	fs_base;
	uint64_t	red_zone[16];
	uint64_t	count;		/* rcx: zero when done */
	uint64_t	pad;
	uint8_t		fpu[512] __attribute__((aligned(16)));
};

#define REG_RFLAGS	112
#define REG_FS		120
#define REG_RED		128
#define REG_COUNT	256
#define REG_FPU		272

_Static_assert(offsetof(struct registers, rflags) == REG_RFLAGS &&
	       offsetof(struct registers, fs_base) == REG_FS &&
	       offsetof(struct registers, red_zone) == REG_RED &&
	       offsetof(struct registers, count) == REG_COUNT &&
	       offsetof(struct registers, fpu) == REG_FPU,
	       "the assembly knows");

/* Which of a program's flags a test sets: CF PF AF ZF SF DF OF. */
#define REG_FLAGS	0xcd5UL

extern struct registers registers_want, registers_got;
void registers_hold(void);

/* Direct jumps between the two looks at the count: each is a place where an
 * emulator takes interrupts, as every instruction is on a real core. */
__asm__(
"	.bss\n"
"	.balign	64\n"
"	.globl	registers_want, registers_got\n"
"registers_want:	.skip 832\n"
"registers_got:	.skip 832\n"
"	.text\n"
"	.globl	registers_hold\n"
"registers_hold:\n"
"	pushq	%rbx; pushq %rbp; pushq %r12; pushq %r13; pushq %r14\n"
"	pushq	%r15\n"
"	subq	$512 + 8, %rsp\n"
"	fxsave64 (%rsp)\n"
"	leaq	registers_want(%rip), %rsi\n"
"	leaq	-128(%rsp), %rdi\n"
"	addq	$128, %rsi\n"			/* REG_RED */
"	movl	$16, %ecx\n"
"	cld; rep movsq\n"
"	fxrstor64 registers_want + 272(%rip)\n"
"	pushq	registers_want + 112(%rip)\n"	/* spoils the red zone */
"	popfq\n"
"	movq	registers_want + 128 + 120(%rip), %rax\n"
"	movq	%rax, -8(%rsp)\n"		/* mends it */
"	movq	registers_want(%rip), %rax\n"
"	movq	registers_want + 8(%rip), %rbx\n"
"	movq	registers_want + 16(%rip), %rdx\n"
"	movq	registers_want + 24(%rip), %rsi\n"
"	movq	registers_want + 32(%rip), %rdi\n"
"	movq	registers_want + 40(%rip), %rbp\n"
"	movq	registers_want + 48(%rip), %r8\n"
"	movq	registers_want + 56(%rip), %r9\n"
"	movq	registers_want + 64(%rip), %r10\n"
"	movq	registers_want + 72(%rip), %r11\n"
"	movq	registers_want + 80(%rip), %r12\n"
"	movq	registers_want + 88(%rip), %r13\n"
"	movq	registers_want + 96(%rip), %r14\n"
"	movq	registers_want + 104(%rip), %r15\n"
"	movq	registers_want + 256(%rip), %rcx\n"
"1:	jmp	2f\n"
"2:	jmp	3f\n"
"3:	loop	1b\n"				/* changes no flag */
"	movq	%rax, registers_got(%rip)\n"
"	movq	%rbx, registers_got + 8(%rip)\n"
"	movq	%rdx, registers_got + 16(%rip)\n"
"	movq	%rsi, registers_got + 24(%rip)\n"
"	movq	%rdi, registers_got + 32(%rip)\n"
"	movq	%rbp, registers_got + 40(%rip)\n"
"	movq	%r8, registers_got + 48(%rip)\n"
"	movq	%r9, registers_got + 56(%rip)\n"
"	movq	%r10, registers_got + 64(%rip)\n"
"	movq	%r11, registers_got + 72(%rip)\n"
"	movq	%r12, registers_got + 80(%rip)\n"
"	movq	%r13, registers_got + 88(%rip)\n"
"	movq	%r14, registers_got + 96(%rip)\n"
"	movq	%r15, registers_got + 104(%rip)\n"
"	movq	%rcx, registers_got + 256(%rip)\n"
"	leaq	-128(%rsp), %rsp\n"
"	pushfq\n"
"	popq	registers_got + 112(%rip)\n"
"	leaq	128(%rsp), %rsp\n"
"	cld\n"
"	fxsave64 registers_got + 272(%rip)\n"
"	rdfsbase %rax\n"
"	movq	%rax, registers_got + 120(%rip)\n"
"	leaq	-128(%rsp), %rsi\n"
"	leaq	registers_got + 128(%rip), %rdi\n"
"	movl	$16, %ecx\n"
"	rep movsq\n"
"	fxrstor64 (%rsp)\n"
"	addq	$512 + 8, %rsp\n"
"	popq	%r15; popq %r14; popq %r13; popq %r12; popq %rbp; popq %rbx\n"
"	ret\n");

/* Fill @r with what depends on @seed: no two registers alike. */
static inline void registers_pattern(struct registers *r, uint64_t seed)
{
	uint64_t word = seed * 0x9e3779b97f4a7c15UL + 1;
	uint64_t *xmm = (uint64_t *)(r->fpu + 160);

	for (int i = 0; i < 14; i++)
		r->gpr[i] = word += 0x0123456789abcdefUL;
	for (int i = 0; i < 16; i++)
		r->red_zone[i] = word += 0x0fedcba987654321UL;
	/* Whatever flags the seed says, among them DF. */
	r->rflags = 0x202 | (word >> 13 & REG_FLAGS);
	__asm__ volatile("rdfsbase %0" : "=r" (r->fs_base));
	memset(r->fpu, 0, sizeof(r->fpu));
	/* Precision and rounding of the x87, by the seed; all masked. */
	*(uint16_t *)r->fpu = 0x7f | (seed & 1 ? 3 << 8 : 2 << 8) |
			      (uint16_t)(seed % 4) << 10;
	r->fpu[4] = 0xff;		/* eight registers in use */
	/* Rounding, flush to zero, and a sticky flag or two. */
	*(uint32_t *)(r->fpu + 24) = 0x1f80 | (uint32_t)(seed + 1) % 4 << 13 |
				     (uint32_t)(seed & 1) << 15 |
				     (uint32_t)(seed % 64);
	for (int i = 0; i < 8; i++) {
		/* Normal numbers: the mantissa's top bit, some exponent. */
		*(uint64_t *)(r->fpu + 32 + 16 * i) = word | 1UL << 63;
		*(uint16_t *)(r->fpu + 40 + 16 * i) = 0x3fff + i;
		word += 0x1111111111111111UL;
	}
	for (int i = 0; i < 32; i++)
		xmm[i] = word += 0x2468ace013579bdfUL;
}

/* Which part came back wrong; 0: none. */
static inline uint32_t registers_wrong(void)
{
	const struct registers *w = &registers_want, *g = &registers_got;

	return (!!memcmp(w->gpr, g->gpr, sizeof(w->gpr)) << 0) |
	       ((g->rflags & REG_FLAGS) != (w->rflags & REG_FLAGS)) << 1 |
	       (g->fs_base != w->fs_base) << 2 |
	       (!!memcmp(w->red_zone, g->red_zone, sizeof(w->red_zone)) << 3) |
	       (g->count != 0) << 4 |
	       /* x87 control and tag words; MXCSR */
	       (w->fpu[0] != g->fpu[0] || w->fpu[1] != g->fpu[1] ||
		w->fpu[4] != g->fpu[4]) << 5 |
	       (!!memcmp(w->fpu + 24, g->fpu + 24, 4) << 6) |
	       (!!memcmp(w->fpu + 32, g->fpu + 32, 128) << 7) |
	       (!!memcmp(w->fpu + 160, g->fpu + 160, 256) << 8);
}

/* Hold one pattern for @count turns.  What came back wrong, as a mask. */
static inline uint32_t registers_try(uint64_t seed, uint64_t count)
{
	registers_pattern(&registers_want, seed);
	registers_want.count = count;
	registers_hold();
	return registers_wrong();
}
