/*
 * entry.S - where user mode, and every interrupt, enters the kernel, and the
 * ways back.
 *
 * Each way in leaves the registers at the top of the stack in the layout of
 * abi/context.h (without FS base and FPU, which stay live) and calls C:
 *
 *   system call   syscall_entry(frame, rdi)	syscall/syscall.c
 *   user trap     trap_user(trap_frame)	syscall/trap.c
 *   kernel trap   trap_kernel(trap_frame)	syscall/trap.c
 *
 * Each C function may return, to resume what was interrupted, or leave this
 * stack for good by core_loop(), which ends in context_enter() below.
 */
#define CTX_SW		1
#define RAX		0x00
#define RBX		0x08
#define RCX		0x10
#define RDX		0x18
#define RSI		0x20
#define RDI		0x28
#define RBP		0x30
#define RSP		0x38
#define R8		0x40
#define R9		0x48
#define R10		0x50
#define R11		0x58
#define R12		0x60
#define R13		0x68
#define R14		0x70
#define R15		0x78
#define RIP		0x80
#define RFLAGS		0x88
#define KIND		0x98
#define REGS		0xa0		/* a context up to its FPU state */

/* struct trap_frame: the registers, a word of padding, what is pushed. */
#define TF_REGS		(REGS + 8)
#define TF_RIP		(TF_REGS + 16)
#define TF_CS		(TF_REGS + 24)
#define TF_RFLAGS	(TF_REGS + 32)
#define TF_RSP		(TF_REGS + 40)

/* The exceptions, by bit, for which the processor pushes an error code. */
#define ERROR_CODES	0x60227d00	/* 8, 10 to 14, 17, 21, 29, 30 */

#define USER_CS		0x23
#define USER_DS		0x1b

#include "arch/x86/smap.h"
#include "sync/percore.h"

	.text

/*
 * System calls.  Entered by SYSCALL with interrupts off: rcx = rip, r11 =
 * rflags, rsp still the user's, rdi = the struct syscall.  A system call is a
 * function call to its caller, so only what a callee keeps is kept.
 */
	.globl	syscall_entry_asm
syscall_entry_asm:
	swapgs
	movq	%rsp, %gs:PERCORE_SCRATCH
	movq	%gs:PERCORE_KSTACK, %rsp
	subq	$REGS, %rsp
	movq	%rbx, RBX(%rsp)
	movq	%rdi, RDI(%rsp)
	movq	%rbp, RBP(%rsp)
	movq	%r12, R12(%rsp)
	movq	%r13, R13(%rsp)
	movq	%r14, R14(%rsp)
	movq	%r15, R15(%rsp)
	movq	%rcx, RIP(%rsp)
	movq	%r11, RFLAGS(%rsp)
	movq	%gs:PERCORE_SCRATCH, %rax
	movq	%rax, RSP(%rsp)
	movq	$CTX_SW, KIND(%rsp)
	movq	%rdi, %rsi
	movq	%rsp, %rdi
	xorl	%ebp, %ebp		/* end of the kernel's backtrace */
	call	syscall_entry
	/* It returned: rbx and r12 to r15 are as they were. */
	movq	RBP(%rsp), %rbp
	movq	RIP(%rsp), %rcx
	movq	RFLAGS(%rsp), %r11
	movq	RSP(%rsp), %rsp
	xorl	%edi, %edi		/* nothing of the kernel's leaves */
sysret_clean:
	xorl	%eax, %eax
	xorl	%edx, %edx
	xorl	%esi, %esi
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	swapgs
	sysretq

/*
 * context_enter(ctx): to user mode, not to return.  Interrupts are off.  The
 * caller has checked rip, so neither IRET nor SYSRET can fault.
 */
	.globl	context_enter
context_enter:
	cmpq	$CTX_SW, KIND(%rdi)
	jne	1f
	movq	RBX(%rdi), %rbx
	movq	RBP(%rdi), %rbp
	movq	R12(%rdi), %r12
	movq	R13(%rdi), %r13
	movq	R14(%rdi), %r14
	movq	R15(%rdi), %r15
	movq	RIP(%rdi), %rcx
	movq	RFLAGS(%rdi), %r11
	movq	RSP(%rdi), %rsp
	movq	RDI(%rdi), %rdi
	jmp	sysret_clean
1:
	pushq	$USER_DS
	pushq	RSP(%rdi)
	pushq	RFLAGS(%rdi)
	pushq	$USER_CS
	pushq	RIP(%rdi)
	movq	RAX(%rdi), %rax
	movq	RBX(%rdi), %rbx
	movq	RCX(%rdi), %rcx
	movq	RDX(%rdi), %rdx
	movq	RSI(%rdi), %rsi
	movq	RBP(%rdi), %rbp
	movq	R8(%rdi), %r8
	movq	R9(%rdi), %r9
	movq	R10(%rdi), %r10
	movq	R11(%rdi), %r11
	movq	R12(%rdi), %r12
	movq	R13(%rdi), %r13
	movq	R14(%rdi), %r14
	movq	R15(%rdi), %r15
	movq	RDI(%rdi), %rdi
	swapgs
	iretq

/*
 * Traps.  Entered through the IDT with interrupts off; the stub has made the
 * stack alike for all: vector, error code (0 if none), rip, cs, rflags, rsp,
 * ss.
 */
trap_common:
	cld
	testb	$3, 24(%rsp)
	jz	1f
	swapgs
1:	subq	$TF_REGS, %rsp
	movq	%rax, RAX(%rsp)
	movq	%rbx, RBX(%rsp)
	movq	%rcx, RCX(%rsp)
	movq	%rdx, RDX(%rsp)
	movq	%rsi, RSI(%rsp)
	movq	%rdi, RDI(%rsp)
	movq	%rbp, RBP(%rsp)
	movq	%r8, R8(%rsp)
	movq	%r9, R9(%rsp)
	movq	%r10, R10(%rsp)
	movq	%r11, R11(%rsp)
	movq	%r12, R12(%rsp)
	movq	%r13, R13(%rsp)
	movq	%r14, R14(%rsp)
	movq	%r15, R15(%rsp)
	movq	TF_RIP(%rsp), %rax
	movq	%rax, RIP(%rsp)
	movq	TF_RFLAGS(%rsp), %rax
	movq	%rax, RFLAGS(%rsp)
	movq	TF_RSP(%rsp), %rax
	movq	%rax, RSP(%rsp)
	movq	$0, KIND(%rsp)
	/* User mode may have set AC, which would switch SMAP off for us. */
	smap_close
	movq	%rsp, %rdi
	testb	$3, TF_CS(%rsp)
	jz	2f
	xorl	%ebp, %ebp		/* end of the kernel's backtrace */
	call	trap_user
	swapgs
	jmp	3f
2:	call	trap_kernel
3:	movq	RAX(%rsp), %rax
	movq	RBX(%rsp), %rbx
	movq	RCX(%rsp), %rcx
	movq	RDX(%rsp), %rdx
	movq	RSI(%rsp), %rsi
	movq	RDI(%rsp), %rdi
	movq	RBP(%rsp), %rbp
	movq	R8(%rsp), %r8
	movq	R9(%rsp), %r9
	movq	R10(%rsp), %r10
	movq	R11(%rsp), %r11
	movq	R12(%rsp), %r12
	movq	R13(%rsp), %r13
	movq	R14(%rsp), %r14
	movq	R15(%rsp), %r15
	addq	$TF_REGS + 16, %rsp
	iretq

/*
 * Machine checks and double faults come at any instruction, also between a
 * mode switch and its SWAPGS, so in the kernel ask the GS base itself which one
 * is loaded; what user mode has there may look like the kernel's.  On stacks of
 * their own; trap_fatal() panics.
 */
trap_paranoid:
	cld
	testb	$3, 24(%rsp)
	jnz	1f
	movl	$0xc0000101, %ecx	/* MSR_GS_BASE */
	rdmsr
	testl	%edx, %edx		/* kernel addresses are negative */
	js	2f
1:	swapgs
2:	movq	%rsp, %rdi
	andq	$-16, %rsp
	call	trap_fatal
	ud2

/* Another core panicked: stop here, for good.  What lies on the stack now is
 * struct smp_stopped. */
trap_nmi:
	pushq	%rbp
	lock incl smp_nr_stopped(%rip)	/* smp_stop_others() waits for it */
1:	cli
	hlt
	jmp	1b

	.altmacro
	.macro	stub vector
trap_\vector:
	.if	\vector < 32 && (ERROR_CODES >> (\vector % 32)) % 2
	.else
	pushq	$0			/* the processor pushed no error code */
	.endif
	pushq	$\vector
	.if	\vector == 2
	jmp	trap_nmi
	.elseif	\vector == 8 || \vector == 18
	jmp	trap_paranoid
	.else
	jmp	trap_common
	.endif
	.endm

	.macro	address vector
	.quad	trap_\vector
	.endm

	.set	i, 0
	.rept	256
	stub	%i
	.set	i, i + 1
	.endr

	.section .rodata
	.balign	8
	.globl	trap_vectors
trap_vectors:
	.set	i, 0
	.rept	256
	address	%i
	.set	i, i + 1
	.endr
	.text

/*
 * kstack_switch(rsp, top, fn): contract in context.h.
 */
	.globl	kstack_switch
kstack_switch:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rdi)
	movq	%rsi, %rdi
	movq	%rdx, %rsi
	/* fall through */

/* kstack_start(top, fn) */
	.globl	kstack_start
kstack_start:
	movq	%rdi, %rsp
	xorl	%ebp, %ebp		/* end of the backtrace */
	call	*%rsi
	ud2

/* kstack_continue(rsp) */
	.globl	kstack_continue
kstack_continue:
	movq	%rdi, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret

	.section .note.GNU-stack, "", @progbits
