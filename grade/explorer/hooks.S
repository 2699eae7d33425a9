/*
 * hooks.S - the way from the code under test into the engine.
 *
 * A hook is called like a function by compiled code, so the callee-saved
 * registers hold values that are the code's state.  Each is pushed before any
 * C of the engine runs: from r9 upwards the stack is then the state of the
 * code, and below it the engine's.
 */

	.text

/* void coro_switch(uint64_t *save, uint64_t to) */
	.globl	coro_switch
coro_switch:
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret

/* The first return of a new coroutine: rsp is a multiple of 16. */
	.globl	coro_entry
coro_entry:
	xorl	%ebp, %ebp
	call	coro_main
	ud2

/* Wipe the stack below us, and the registers that a call may clobber: what the
 * engine left there would make equal states look different. */
	.macro	CLEAN
	movq	%rax, %rdx
	leaq	-512(%rsp), %rdi
	xorl	%eax, %eax
	movl	$64, %ecx
	rep stosq
	movq	%rdx, %rax
	xorl	%edx, %edx
	.endm

	.macro	PUSH what
	pushq	\what
	.cfi_adjust_cfa_offset 8
	.ifnc	\what, $0
	.cfi_rel_offset \what, 0
	.endif
	.endm

/* name(a, b, c, d, e) calls c_name(a, b, c, d, e, struct frame *). */
	.macro	HOOK name
	.globl	\name
	.type	\name, @function
\name:
	.cfi_startproc
	PUSH	$0
	PUSH	%rbx
	PUSH	%rbp
	PUSH	%r12
	PUSH	%r13
	PUSH	%r14
	PUSH	%r15
	movq	%rsp, %r9
	call	c_\name
	CLEAN
	addq	$56, %rsp
	.cfi_adjust_cfa_offset -56
	ret
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.irp	size, 1, 2, 4, 8, 16
	HOOK	__tsan_read\size
	HOOK	__tsan_write\size
	HOOK	__tsan_volatile_read\size
	HOOK	__tsan_volatile_write\size
	HOOK	__tsan_unaligned_read\size
	HOOK	__tsan_unaligned_write\size
	HOOK	__tsan_unaligned_volatile_read\size
	HOOK	__tsan_unaligned_volatile_write\size
	.endr
	HOOK	__tsan_read_range
	HOOK	__tsan_write_range

	.irp	bits, 8, 16, 32, 64
	HOOK	__tsan_atomic\bits\()_load
	HOOK	__tsan_atomic\bits\()_store
	HOOK	__tsan_atomic\bits\()_exchange
	HOOK	__tsan_atomic\bits\()_fetch_add
	HOOK	__tsan_atomic\bits\()_fetch_sub
	HOOK	__tsan_atomic\bits\()_fetch_and
	HOOK	__tsan_atomic\bits\()_fetch_or
	HOOK	__tsan_atomic\bits\()_fetch_xor
	HOOK	__tsan_atomic\bits\()_compare_exchange_strong
	HOOK	__tsan_atomic\bits\()_compare_exchange_weak
	HOOK	__tsan_atomic\bits\()_compare_exchange_val
	.endr
	HOOK	__tsan_atomic_thread_fence
	HOOK	__tsan_atomic_signal_fence

	/* The code under test has its calls of these renamed. */
	HOOK	xp_memcpy
	HOOK	xp_memset
	HOOK	__tsan_memcpy
	HOOK	__tsan_memset

	/* stubs.c */
	.irp	name, cpu_relax, cpu_relax_bounded, spin_lock, spin_unlock, \
		spin_lock_irqsave, spin_unlock_irqrestore, spin_held, \
		copy_from_user, copy_to_user, clear_user, \
		user_load32, user_load64, user_store32, user_store64, \
		user_store_release32, user_store_release64, \
		user_fetch_add32, user_fetch_add64, user_fetch_or32, \
		user_fetch_or64, user_fetch_and32, user_swap32, user_swap64, \
		user_cas32, user_cas64, \
		xp_sleep_until, xp_choose, xp_restart, xp_fetch_begin, \
		xp_fetch_end, xp_page_alloc, xp_page_free, xp_post_irq, \
		xp_halt, xp_irq_off, xp_irq_on, xp_push
	HOOK	\name
	.endr

	.section .note.GNU-stack, "", @progbits
