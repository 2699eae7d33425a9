/*
 * usercopy.S - loads and stores that may fault.
 *
 * Entered by:  calls from C, with the contracts of mm/usercopy.h
 * Leaves by:   ret, eax = 0 or -EFAULT
 *
 * All code between usercopy_begin and usercopy_end is made of leaf functions
 * that leave the stack and the callee's registers alone.  So whichever
 * instruction faults, usercopy_fault can return for the function it was in.
 *
 * An address is checked by its high bits only.  That lets through page zero
 * and the last page below 2^47; nothing is ever mapped there, so they fault
 * like any hole.
 *
 * Event delivery is counted in instructions.  SMAP therefore costs one branch:
 * each access exists twice, with and without lifting it.
 */
#include "abi/errno.h"

	/* Copies of up to UNROLLED bytes are unrolled: negative offsets that
	 * fit a byte make each word's code as long as the word. */
#define UNROLLED	128
#define USER_BITS	47
#define TRIES		1000	/* USER_ATOMIC_TRIES */

	.text
	.globl	usercopy_begin, usercopy_end, usercopy_fault

/* Refuse unless \u is a user address aligned to 1 << \align_bits. */
.macro check_word u, align_bits
	movq	\u, %rax
	rorq	$\align_bits, %rax	/* what must be zero: all on top */
	shrq	$(USER_BITS - \align_bits), %rax
	jnz	refuse
.endm

/* Refuse unless \u .. \u + \n are user addresses. */
.macro check_range u, n
	movq	\u, %rax
	addq	\n, %rax
	jc	refuse
	shrq	$USER_BITS, %rax
	jnz	refuse
.endm

.macro function name
	.globl	\name
	.type	\name, @function
	.balign	16
\name:
.endm

/* Do \insn with user memory open, then \more, and return 0. */
.macro access insn:req, more:vararg
	cmpb	$0, cpu_has_smap(%rip)
	je	800f
	stac
	\insn
	clac
	\more
	xorl	%eax, %eax
	ret
800:	\insn
	\more
	xorl	%eax, %eax
	ret
.endm

usercopy_begin:

/* Arrived at from fault handlers, at any instruction below; and by jumps. */
usercopy_fault:
	cmpb	$0, cpu_has_smap(%rip)
	je	refuse
	clac
refuse:
	movl	$-EFAULT, %eax
	ret

/* Instructions of more than one operand pass through `access` as macros. */
.macro load32
	movl	(%rdi), %eax
.endm
.macro load64
	movq	(%rdi), %rax
.endm
.macro store32
	movl	%esi, (%rdi)
.endm
.macro store64
	movq	%rsi, (%rdi)
.endm
.macro add32
	lock xaddl %esi, (%rdi)
.endm
.macro add64
	lock xaddq %rsi, (%rdi)
.endm
.macro swap32
	xchgl	%esi, (%rdi)
.endm
.macro swap64
	xchgq	%rsi, (%rdi)
.endm
.macro cas32
	movl	%esi, %eax
	lock cmpxchgl %edx, (%rdi)
.endm
.macro cas64
	movq	%rsi, %rax
	lock cmpxchgq %rdx, (%rdi)
.endm

function user_load32
	check_word %rdi, 2
	access	load32, movl %eax, (%rsi)

function user_load64
	check_word %rdi, 3
	access	load64, movq %rax, (%rsi)

	/* x86 keeps the order of stores: release is a plain one. */
function user_store_release32
function user_store32
	check_word %rdi, 2
	access	store32

function user_store_release64
function user_store64
	check_word %rdi, 3
	access	store64

function user_fetch_add32
	check_word %rdi, 2
	access	add32, movl %esi, (%rdx)

function user_fetch_add64
	check_word %rdi, 3
	access	add64, movq %rsi, (%rdx)

function user_swap32
	check_word %rdi, 2
	access	swap32, movl %esi, (%rdx)

function user_swap64
	check_word %rdi, 3
	access	swap64, movq %rsi, (%rdx)

	/* clac writes no flag but AC: the comparison's result survives it. */
function user_cas32
	check_word %rdi, 2
	access	cas32, sete (%rcx)

function user_cas64
	check_word %rdi, 3
	access	cas64, sete (%rcx)

/*
 * x86 has no fetch-and-or, so this is a loop on the user's word, and a
 * hostile user could keep it going: hence the bound.
 */
.macro fetch_op name, op, mov, cas, a, c, s, align_bits
function \name
	check_word %rdi, \align_bits
	movl	$TRIES, %r8d
	cmpb	$0, cpu_has_smap(%rip)
	je	801f
	stac
801:	\mov	(%rdi), \a
802:	\mov	\a, \c
	\op	\s, \c
	lock \cas \c, (%rdi)
	je	803f
	decl	%r8d
	jnz	802b
	jmp	usercopy_fault
803:	cmpb	$0, cpu_has_smap(%rip)
	je	804f
	clac
804:	\mov	\a, (%rdx)
	xorl	%eax, %eax
	ret
.endm

	fetch_op user_fetch_or32, orl, movl, cmpxchgl, %eax, %ecx, %esi, 2
	fetch_op user_fetch_or64, orq, movq, cmpxchgq, %rax, %rcx, %rsi, 3
	fetch_op user_fetch_and32, andl, movl, cmpxchgl, %eax, %ecx, %esi, 2

/* Copy rdx bytes from (rsi) to (rdi).  rax, rcx, rdx and r8 are lost. */
.macro copy
	testb	$7, %dl
	jnz	811f
	cmpq	$UNROLLED, %rdx
	ja	811f
	leaq	810f(%rip), %r8
	subq	%rdx, %r8		/* a code byte for each data byte */
	addq	%rdx, %rsi
	addq	%rdx, %rdi
	jmp	*%r8
	.set	offset, UNROLLED
809:
	.rept	UNROLLED / 8
	movq	-offset(%rsi), %rax
	movq	%rax, -offset(%rdi)
	.set	offset, offset - 8
	.endr
810:	.if	810b - 809b - UNROLLED
	.error	"a word's code is not 8 bytes long"
	.endif
	jmp	812f
811:	movq	%rdx, %rcx
	shrq	$3, %rcx
	rep movsq
	movl	%edx, %ecx
	andl	$7, %ecx
	rep movsb
812:
.endm

function copy_from_user
	check_range %rsi, %rdx
	access	copy

function copy_to_user
	check_range %rdi, %rdx
	access	copy

.macro clear
	xorl	%eax, %eax
	movq	%rsi, %rcx
	shrq	$3, %rcx
	rep stosq
	movl	%esi, %ecx
	andl	$7, %ecx
	rep stosb
.endm

function clear_user
	check_range %rdi, %rsi
	access	clear

.macro save_fpu
	fxsave64 (%rdi)
.endm
.macro restore_fpu
	fxrstor64 (%rdi)
.endm

function fpu_save_user
	check_word %rdi, 4
	access	save_fpu

function fpu_restore_user
	check_word %rdi, 4
	access	restore_fpu

usercopy_end:

/* bool usercopy_fixup(uintptr_t rip, uintptr_t *new_rip) */
function usercopy_fixup
	xorl	%eax, %eax
	cmpq	$usercopy_begin, %rdi
	jb	1f
	cmpq	$usercopy_end, %rdi
	jae	1f
	movq	$usercopy_fault, (%rsi)
	incl	%eax
1:	ret

	.section .note.GNU-stack, "", @progbits
