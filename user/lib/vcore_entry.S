/*
 * vcore_entry.S - where the kernel drops a vcore into user code.
 *
 * Entered by:	iretq or sysretq when the kernel starts a vcore or notifies it
 * On entry:	rsp = vcpd->vcore_stack, 16-byte aligned; rdi = vcoreid; FS base
 *		= vcpd->vcore_tls; notif_disabled = 1; FPU as after reset; other
 *		registers zero
 * Leaves by:	never returns; vcore_main() runs a uthread or yields
 */
	.text
	.globl	vcore_entry
	.type	vcore_entry, @function
vcore_entry:
	xorl	%ebp, %ebp		/* end of backtrace */
	call	vcore_main		/* the push aligns for C */
	ud2
	.size	vcore_entry, . - vcore_entry

	.section .note.GNU-stack, "", @progbits
