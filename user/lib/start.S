/*
 * start.S - where the kernel enters a new program.
 *
 * Entered by:	the first return to user mode after SYS_proc_run
 * On entry:	rsp = top of the first stack, 16-byte aligned; FS base 0;
 *		VC_SCP_NOVCCTX set, so nothing interrupts but the kernel itself
 * Leaves by:	never returns; runtime_start() ends in exit
 */
	.text
	.globl	_start
	.type	_start, @function
_start:
	xorl	%ebp, %ebp		/* end of backtrace */
	call	runtime_start		/* the push aligns for C */
	ud2
	.size	_start, . - _start

	.section .note.GNU-stack, "", @progbits
