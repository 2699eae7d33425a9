/*
 * usercopy.S - accesses to user memory that are more than a few instructions.
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
 * The accesses that most events need are inline, in uaccess.h.
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
	/* Bits that are zero in the length of a copy that is unrolled. */
not_unrolled:	.quad	~UNROLLED

	.text

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

usercopy_begin:

/* Arrived at from fault handlers, at any instruction below; and by jumps. */
usercopy_fault:
	smap_close
refuse:
	movl	$-EFAULT, %eax
	ret

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
 * Copy rdx bytes from (rsi) to (rdi) and return 0.
 *
 * Unrolled, the last word goes first, so that each has one place in the code,
 * whatever the length.
 */
.macro copy
	smap_open
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
	jmp	811b
.endm

function copy_from_user_any
	check	%rsi, 1
	copy

function copy_to_user_any
	check	%rdi, 1
	copy

function clear_user
	check	%rdi, 1
	movq	%rsi, %rcx
	shrq	$3, %rcx
	movl	%esi, %edx
	andl	$7, %edx
	xorl	%eax, %eax
	smap_open
	rep stosq
	movl	%edx, %ecx
	rep stosb
	smap_close
	ret

usercopy_end:

	.section .fixups, "a"
	.quad	usercopy_begin, usercopy_end, usercopy_fault

	.section .note.GNU-stack, "", @progbits
