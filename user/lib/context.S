/*
 * context.S - the switches between uthreads and vcore context.
 *
 * The way out of vcore context is the delicate one.  A uthread may have been
 * interrupted anywhere, so every register, the flags and the 128 bytes below
 * its stack pointer are its own; and from the moment notifications are enabled
 * the kernel may save what we are, in the middle of this file, and somebody
 * restarts it later, perhaps on another vcore.  So by then nothing that is
 * still needed lies in vcore context: three words stand on the uthread's own
 * stack, below its red zone, and a register names the vcore's VCPD, saved and
 * restored with us like any other.
 *
 *	U	-> the uthread's stack pointer
 *	U - 128	   end of its red zone
 *	U - 136	   rip		popped by ret $128, which leaves rsp = U
 *	U - 144	   rflags	popped by popfq
 *	U - 152	   rsi		popped first
 *
 * Interrupted between switch_enable and switch_ret, the uthread has as good as
 * left: context_finish() in switch.c does the rest on what the kernel saved.
 * So no context that lies in there is ever restored, and these words stand on a
 * stack once, however often it is interrupted.  The labels switch_* say from
 * where on something else must be done; they are reached in their order.
 *
 * If the vcore has changed meanwhile, we look at the old vcore's notif_pending
 * and may notify that one for nothing: harmless.  The new vcore was looked at
 * by whoever restarted us there.
 */
#include "switch.h"

#define FRAME		(SWITCH_RED_ZONE + 3 * 8)	/* from U down to rsi */

	.globl	switch_enable, switch_saved, switch_notified
	.globl	switch_leave, switch_popfq, switch_ret

	.text

/* (rdi = struct syscall *): clobbers what a C function may clobber. */
	.globl	syscall_trap
	.type	syscall_trap, @function
syscall_trap:
	syscall
	ret
	.size	syscall_trap, . - syscall_trap

/* (rdi = context, rsi = VCPD) in vcore context; does not return. */
	.globl	context_restore
	.type	context_restore, @function
context_restore:
	movq	CTX_FS(%rdi), %rax
	wrfsbase %rax
	movq	CTX_RSP(%rdi), %rcx
	movq	CTX_RIP(%rdi), %rax
	movq	%rax, -SWITCH_RED_ZONE - 8(%rcx)
	movq	CTX_RFLAGS(%rdi), %rax
	movq	%rax, -SWITCH_RED_ZONE - 16(%rcx)
	movq	CTX_RSI(%rdi), %rax
	movq	%rax, -SWITCH_RED_ZONE - 24(%rcx)
	leaq	-FRAME(%rcx), %rsp

	movq	CTX_RBX(%rdi), %rbx
	movq	CTX_RBP(%rdi), %rbp
	movq	CTX_R12(%rdi), %r12
	movq	CTX_R13(%rdi), %r13
	movq	CTX_R14(%rdi), %r14
	movq	CTX_R15(%rdi), %r15
	cmpq	$CTX_SW, CTX_KIND(%rdi)
	jne	restore_hw
	fldcw	CTX_FPU + SWITCH_FXSAVE_FCW(%rdi)
	ldmxcsr	CTX_FPU + SWITCH_FXSAVE_MXCSR(%rdi)
	jmp	switch_enable

restore_hw:
	fxrstor64 CTX_FPU(%rdi)
	movq	CTX_RAX(%rdi), %rax
	movq	CTX_RCX(%rdi), %rcx
	movq	CTX_RDX(%rdi), %rdx
	movq	CTX_R8(%rdi), %r8
	movq	CTX_R9(%rdi), %r9
	movq	CTX_R10(%rdi), %r10
	movq	CTX_R11(%rdi), %r11
	movq	CTX_RDI(%rdi), %rdi

switch_enable:
	movl	$0, SWITCH_NOTIF_DISABLED(%rsi)
	/* Unmasked before the look.  Pairs with full_fence() in
	 * kernel/proc/notify.c:proc_notify() [unmask].
	 * And nobody is taking our uthread.  Pairs with atomic_cas32() in
	 * user/lib/preempt.c:steal_begin() [steal]. */
	mfence
	cmpl	$0, SWITCH_NOTIF_PENDING(%rsi)
	jne	notify_self
	testl	$SWITCH_STEALING, SWITCH_FLAGS(%rsi)
	je	switch_leave

/*
 * A message came while we were masked, and its notification with it; or a thief
 * must be waited for in vcore context: have the kernel notify us now.  The
 * system call may lose what a function may lose, so all of that goes below the
 * three words; rsp stays where it is, and nobody else writes down there.
 */
notify_self:
	movq	%rax, -8(%rsp)
	movq	%rcx, -16(%rsp)
	movq	%rdx, -24(%rsp)
	movq	%rdi, -32(%rsp)
	movq	%r8, -40(%rsp)
	movq	%r9, -48(%rsp)
	movq	%r10, -56(%rsp)
	movq	%r11, -64(%rsp)
switch_saved:
	leaq	-SWITCH_FPU_BELOW(%rsp), %rdi
	andq	$SWITCH_FPU_ALIGN, %rdi
	fxsave64 (%rdi)
	subq	$SWITCH_SC_SIZE, %rdi

	/* SYS_self_notify(vcoreid, EV_NONE, no message, private) */
	movabsq	$SWITCH_VCPD_BASE, %rax
	subq	%rax, %rsi
	shrq	$SWITCH_VCPD_SHIFT, %rsi
	xorl	%eax, %eax
	movl	$SWITCH_SELF_NOTIFY, SWITCH_SC_NUM(%rdi)
	movl	%eax, SWITCH_SC_FLAGS(%rdi)
	movq	%rsi, SWITCH_SC_ARG(%rdi)
	movq	%rax, SWITCH_SC_ARG + 8(%rdi)
	movq	%rax, SWITCH_SC_ARG + 16(%rdi)
	movq	$1, SWITCH_SC_ARG + 24(%rdi)
	syscall
switch_notified:
	leaq	-SWITCH_FPU_BELOW(%rsp), %rdi
	andq	$SWITCH_FPU_ALIGN, %rdi
	fxrstor64 (%rdi)
	movq	-8(%rsp), %rax
	movq	-16(%rsp), %rcx
	movq	-24(%rsp), %rdx
	movq	-32(%rsp), %rdi
	movq	-40(%rsp), %r8
	movq	-48(%rsp), %r9
	movq	-56(%rsp), %r10
	movq	-64(%rsp), %r11
switch_leave:
	popq	%rsi
switch_popfq:
	popfq
switch_ret:
	ret	$SWITCH_RED_ZONE
	.size	context_restore, . - context_restore

/* (rdi = where to save, rsi = stack, rdx = FS base, rcx = fn, r8 = arg) in a
 * uthread with notifications masked; returns when the context is restored. */
	.globl	context_save_and_call
	.type	context_save_and_call, @function
context_save_and_call:
	popq	%rax			/* where the uthread goes on ... */
	movq	%rax, CTX_RIP(%rdi)
	movq	%rsp, CTX_RSP(%rdi)	/* ... with this stack */
	movq	%rbx, CTX_RBX(%rdi)
	movq	%rbp, CTX_RBP(%rdi)
	movq	%r12, CTX_R12(%rdi)
	movq	%r13, CTX_R13(%rdi)
	movq	%r14, CTX_R14(%rdi)
	movq	%r15, CTX_R15(%rdi)
	pushfq
	popq	CTX_RFLAGS(%rdi)
	rdfsbase %rax
	movq	%rax, CTX_FS(%rdi)
	movq	$CTX_SW, CTX_KIND(%rdi)
	fnstcw	CTX_FPU + SWITCH_FXSAVE_FCW(%rdi)
	stmxcsr	CTX_FPU + SWITCH_FXSAVE_MXCSR(%rdi)

	/* Handlers compute with the modes of a fresh vcore. */
	fldcw	default_fcw(%rip)
	ldmxcsr	default_mxcsr(%rip)
	wrfsbase %rdx
	movq	%rsi, %rsp
	movq	%r8, %rdi
	xorl	%ebp, %ebp		/* end of backtrace */
	call	*%rcx
	ud2
	.size	context_save_and_call, . - context_save_and_call

/* (rdi = stack, rsi = fn, rdx = arg); does not return. */
	.globl	stack_call
	.type	stack_call, @function
stack_call:
	movq	%rdi, %rsp
	movq	%rdx, %rdi
	xorl	%ebp, %ebp		/* end of backtrace */
	call	*%rsi
	ud2
	.size	stack_call, . - stack_call

	.section .rodata
	.balign	4
default_mxcsr:
	.long	0x1f80
default_fcw:
	.word	0x37f

	.section .note.GNU-stack, "", @progbits
