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
 * An address is checked where an access begins, and only for being a user's:
 * what lies beyond is a hole, or no address at all, and faults.
 *
 * Event delivery is counted in instructions.  So checks are single tests
 * against a mask, and stac and clac are not asked about each time: cpu_check()
 * writes a nop over them where there is no SMAP.
 */
#include "abi/errno.h"
#include "arch/x86/smap.h"

	/* Copies of up to UNROLLED bytes are unrolled: offsets that fit a byte
	 * let a word's code be as long as the word. */
#define UNROLLED	120
#define TRIES		1000	/* USER_ATOMIC_TRIES */

	.section .rodata
	.balign	8
	/* Bits that are zero in a user address: of a byte, an aligned word. */
not_user1:	.quad	~0x7fffffffffff
not_user4:	.quad	~0x7ffffffffffc
not_user8:	.quad	~0x7ffffffffff8
not_user16:	.quad	~0x7ffffffffff0
	/* Bits that are zero in the length of a copy that is unrolled. */
not_unrolled:	.quad	~UNROLLED

	.text
	.globl	usercopy_begin, usercopy_end, usercopy_fault

/* Refuse unless \u is a user address aligned to \align bytes. */
.macro check u, align
	testq	not_user\align(%rip), \u
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
	smap_open
	\insn
	smap_close
	\more
	xorl	%eax, %eax
	ret
.endm

usercopy_begin:

/* Arrived at from fault handlers, at any instruction below; and by jumps. */
usercopy_fault:
	smap_close
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
	check	%rdi, 4
	access	load32, movl %eax, (%rsi)

function user_load64
	check	%rdi, 8
	access	load64, movq %rax, (%rsi)

	/* x86 keeps the order of stores: release is a plain one. */
function user_store_release32
function user_store32
	check	%rdi, 4
	access	store32

function user_store_release64
function user_store64
	check	%rdi, 8
	access	store64

function user_fetch_add32
	check	%rdi, 4
	access	add32, movl %esi, (%rdx)

function user_fetch_add64
	check	%rdi, 8
	access	add64, movq %rsi, (%rdx)

function user_swap32
	check	%rdi, 4
	access	swap32, movl %esi, (%rdx)

function user_swap64
	check	%rdi, 8
	access	swap64, movq %rsi, (%rdx)

	/* clac writes no flag but AC: the comparison's result survives it. */
function user_cas32
	check	%rdi, 4
	access	cas32, sete (%rcx)

function user_cas64
	check	%rdi, 8
	access	cas64, sete (%rcx)

/*
 * x86 has no fetch-and-or, so this is a loop on the user's word, and a
 * hostile user could keep it going: hence the bound.
 */
.macro fetch_op name, op, mov, cas, a, c, s, align
function \name
	check	%rdi, \align
	movl	$TRIES, %r8d
	smap_open
	\mov	(%rdi), \a
801:	\mov	\a, \c
	\op	\s, \c
	lock \cas \c, (%rdi)
	je	802f
	decl	%r8d
	jnz	801b
	jmp	usercopy_fault
802:	smap_close
	\mov	\a, (%rdx)
	xorl	%eax, %eax
	ret
.endm

	fetch_op user_fetch_or32, orl, movl, cmpxchgl, %eax, %ecx, %esi, 4
	fetch_op user_fetch_or64, orq, movq, cmpxchgq, %rax, %rcx, %rsi, 8
	fetch_op user_fetch_and32, andl, movl, cmpxchgl, %eax, %ecx, %esi, 4

/*
 * Copy rdx bytes from (rsi) to (rdi).  rax, rcx, rdx and r8 are lost.
 *
 * Unrolled, the last word goes first, so that each has one place in the code,
 * whatever the length.
 */
.macro copy
	testq	not_unrolled(%rip), %rdx
	jnz	812f
	leaq	811f(%rip), %r8
	subq	%rdx, %r8		/* a code byte for each data byte */
	jmp	*%r8
	.set	offset, UNROLLED - 8
810:
	.rept	UNROLLED / 8
	.byte	0x48, 0x8b, 0x46, offset	/* movq offset(%rsi), %rax */
	.byte	0x48, 0x89, 0x47, offset	/* movq %rax, offset(%rdi) */
	.set	offset, offset - 8
	.endr
811:	smap_close
	xorl	%eax, %eax
	ret
812:	movq	%rdx, %rcx
	shrq	$3, %rcx
	rep movsq
	movl	%edx, %ecx
	andl	$7, %ecx
	rep movsb
.endm

function copy_from_user
	check	%rsi, 1
	access	copy

function copy_to_user
	check	%rdi, 1
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
	check	%rdi, 1
	access	clear

.macro save_fpu
	fxsave64 (%rdi)
.endm
.macro restore_fpu
	fxrstor64 (%rdi)
.endm

function fpu_save_user
	check	%rdi, 16
	access	save_fpu

function fpu_restore_user
	check	%rdi, 16
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
