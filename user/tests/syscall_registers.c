/* syscall_registers - a system call keeps what a function keeps: rbx, rbp, r12
 * to r15, rsp, the red zone, MXCSR and the x87 control word, also when a
 * notification is taken at its end.
 */
#include "notifier.h"

#define CALLS		100000

/* rbx and its like hold words of the struct syscall at rdi, the red zone too;
 * 0 if all are as they were. */
uint64_t call_and_compare(struct syscall *sc);

__asm__(
"	.text\n"
"	.globl	call_and_compare\n"
"call_and_compare:\n"
"	pushq	%rbx; pushq %rbp; pushq %r12; pushq %r13; pushq %r14\n"
"	pushq	%r15\n"
"	movq	%rdi, %rbx\n"
"	leaq	1(%rdi), %rbp\n"
"	leaq	2(%rdi), %r12\n"
"	leaq	3(%rdi), %r13\n"
"	leaq	4(%rdi), %r14\n"
"	movq	%rsp, %r15\n"
"	movq	%rdi, -8(%rsp)\n"
"	movq	%rdi, -128(%rsp)\n"
"	syscall\n"
"	xorl	%eax, %eax\n"
"	subq	%rsp, %r15\n"
"	orq	%r15, %rax\n"
"	movq	-8(%rsp), %rcx\n"
"	subq	%rbx, %rcx\n"
"	orq	%rcx, %rax\n"
"	movq	-128(%rsp), %rcx\n"
"	subq	%rbx, %rcx\n"
"	orq	%rcx, %rax\n"
"	subq	%rbx, %rbp; decq %rbp; orq %rbp, %rax\n"
"	subq	%rbx, %r12; subq $2, %r12; orq %r12, %rax\n"
"	subq	%rbx, %r13; subq $3, %r13; orq %r13, %rax\n"
"	subq	%rbx, %r14; subq $4, %r14; orq %r14, %rax\n"
"	popq	%r15; popq %r14; popq %r13; popq %r12; popq %rbp; popq %rbx\n"
"	ret\n");

/* SYS_null, @n times; whether all was kept. */
static bool call(uint32_t n)
{
	uint32_t mxcsr = 0x1f80 | 2 << 13, mxcsr_after;
	uint16_t fcw = 0x7f | 2 << 8 | 1 << 10, fcw_after;
	uint64_t wrong = 0;

	__asm__ volatile("ldmxcsr %0; fldcw %1" :: "m" (mxcsr), "m" (fcw));
	for (uint32_t i = 0; i < n && !wrong; i++) {
		struct syscall sc = { .num = SYS_null };

		wrong = call_and_compare(&sc);
	}
	__asm__ volatile("stmxcsr %0; fnstcw %1"
			 : "=m" (mxcsr_after), "=m" (fcw_after));
	return !wrong && mxcsr == mxcsr_after && fcw == fcw_after;
}

TEST(syscall_registers)
{
	struct uthread *uth;

	CHECK(call(CALLS / 10), "single-core");
	if (!test_vcores(2)) {
		CHECK(procinfo->nr_cores <= 2, "machine-too-small");
		return;
	}
	notifiers_begin(&uth, 1);
	CHECK(call(CALLS), "notified-all-the-time");
	notifiers_end(&uth, 1);
}
