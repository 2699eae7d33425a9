/*
 * trampoline.S - how every core but the first comes to C.
 *
 * Entered by:  the start-up IPI of arch/x86/smp.c, which has copied
 *              trampoline_start..trampoline_end to TRAMPOLINE
 * On entry:    real mode, cs = TRAMPOLINE / 16, ip = 0; no stack
 * Leaves by:   a call of smp_core_main() in long mode, with the page tables
 *              of the core that started us, on the stack of our percore; its
 *              argument is the percore
 *
 * Any number of cores run here at once, so nothing is written but registers.
 */
#include "arch/x86/segments.h"
#include "arch/x86/trampoline.h"
#include "mm/layout.h"
#include "sync/percore.h"

#define PHYS(symbol)	((symbol) - KERNEL_BASE)

/* Where the copy of @symbol is. */
#define LOW(symbol)	((symbol) - trampoline_start + TRAMPOLINE)

#define CR4_PAE		0x20
#define CR0_PE_PG	0x80000001
#define CR0_CD_NW	0x60000000
#define MSR_EFER	0xc0000080
#define EFER_LME_NXE	0x900		/* core 0 has refused CPUs without NX */
#define MSR_APIC_BASE	0x1b
#define APIC_BASE_X2	0xc00		/* enabled, in x2APIC mode */
#define MSR_X2APIC_ID	0x802

	.section .rodata
	.code16
	.globl	trampoline_start
trampoline_start:
	cli
	cld
	xorl	%eax, %eax
	movl	%eax, %ds

	/* Paging and protection in one step: real mode to long mode. */
	movl	%cr4, %eax
	orl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$PHYS(boot_pml4), %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME_NXE, %eax
	wrmsr
	lgdtl	LOW(low_gdt_register)
	movl	%cr0, %eax
	andl	$~CR0_CD_NW, %eax
	orl	$CR0_PE_PG, %eax
	movl	%eax, %cr0
	ljmpl	$KERNEL_CS, $LOW(1f)

	.code64
1:	movabsq	$smp_core_start, %rax
	jmp	*%rax

	/* lgdt takes 32 bits of address here, so the table is down here too. */
	.balign	8
low_gdt:
	.quad	0
	.quad	GDT_KERNEL_CODE
	.quad	GDT_KERNEL_DATA
low_gdt_register:
	.word	. - low_gdt - 1
	.long	LOW(low_gdt)
	.globl	trampoline_end
trampoline_end:

/* Still without a stack: find our percore by our APIC id. */
	.text
smp_core_start:
	lgdt	boot_gdt_high
	movq	smp_cr3, %rax
	movq	%rax, %cr3
	movl	$KERNEL_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	movl	$MSR_APIC_BASE, %ecx
	rdmsr
	orl	$APIC_BASE_X2, %eax
	wrmsr
	movl	$MSR_X2APIC_ID, %ecx
	rdmsr

	movq	$smp_percores, %rbx
2:	movq	(%rbx), %rdi
	testq	%rdi, %rdi
	jz	3f
	addq	$8, %rbx
	cmpl	%eax, PERCORE_APICID(%rdi)
	jne	2b
	movq	PERCORE_KSTACK(%rdi), %rsp
	xorl	%ebp, %ebp		/* end of backtrace */
	call	smp_core_main
	ud2

	/* Nobody asked for this core. */
3:	cli
	hlt
	jmp	3b
