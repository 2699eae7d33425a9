/*
 * pvh.S - from the boot loader to C.
 *
 * Entered by:  QEMU's -kernel, which finds pvh_entry in the note below
 * On entry:    32-bit protected mode, flat segments, paging off, interrupts
 *              off; ebx = physical address of struct hvm_start_info; no stack
 * Leaves by:   a call of kmain() in long mode on boot_stack, its argument the
 *              physical address above; GS base = boot_percore
 *
 * The boot page tables map the first 4 GiB three times: where it is, which we
 * need only until we have jumped up; at DIRECT_BASE; and its first GiB at
 * KERNEL_BASE.  Everything is writable and executable until mm/ builds the
 * real tables.
 */
#include "arch/x86/segments.h"
#include "mm/layout.h"

#define PHYS(symbol)	((symbol) - KERNEL_BASE)

/* Page table entry bits, and the bits of control registers, used here only. */
#define PTE_TABLE	0x003		/* present, writable */
#define PTE_2M		0x083		/* ... and a page of 2 MiB */
#define CR4_PAE		0x20
#define CR0_PG		0x80000000
#define MSR_EFER	0xc0000080
#define EFER_LME	0x100
#define MSR_GS_BASE	0xc0000101

#define ELFNOTE_PHYS32_ENTRY	18

	.section .note.pvh, "a", @note
	.balign	4
	.long	4			/* length of the name */
	.long	8			/* length of the value */
	.long	ELFNOTE_PHYS32_ENTRY
	.asciz	"Xen"
	.quad	PHYS(pvh_entry)

	.text
	.code32
	.globl	pvh_entry
pvh_entry:
	cld

	/* boot_pds: 2048 pages of 2 MiB. */
	movl	$PHYS(boot_pds), %edi
	movl	$PTE_2M, %eax
1:	movl	%eax, (%edi)
	addl	$8, %edi
	addl	$0x200000, %eax
	jnc	1b

	/* boot_pdpt: the four GiB of them, the first one also at 510. */
	movl	$PHYS(boot_pdpt), %edi
	movl	$PHYS(boot_pds) + PTE_TABLE, %eax
	movl	%eax, 510 * 8(%edi)
	movl	$4, %ecx
2:	movl	%eax, (%edi)
	addl	$8, %edi
	addl	$0x1000, %eax
	loop	2b

	/* boot_pml4: at 0, at DIRECT_BASE and at KERNEL_BASE. */
	movl	$PHYS(boot_pml4), %edi
	movl	$PHYS(boot_pdpt) + PTE_TABLE, %eax
	movl	%eax, (%edi)
	movl	%eax, 256 * 8(%edi)
	movl	%eax, 511 * 8(%edi)

	movl	%cr4, %eax
	orl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	%edi, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME, %eax
	wrmsr
	movl	%cr0, %eax
	orl	$CR0_PG, %eax
	movl	%eax, %cr0
	lgdt	PHYS(boot_gdt_low)
	ljmpl	$KERNEL_CS, $PHYS(3f)

	.code64
3:	movabsq	$boot_start, %rax
	jmp	*%rax

/* The first instruction at the address that it was linked for. */
	.globl	boot_start
boot_start:
	lgdt	boot_gdt_high
	movl	$KERNEL_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	movl	$MSR_GS_BASE, %ecx
	movq	$boot_percore, %rax
	movq	%rax, %rdx
	shrq	$32, %rdx
	wrmsr
	movq	$boot_stack_top, %rsp
	xorl	%ebp, %ebp		/* end of backtrace */
	movl	%ebx, %edi
	call	kmain
	ud2

	.section .rodata
	.balign	8
boot_gdt:
	.quad	0
	.quad	GDT_KERNEL_CODE
	.quad	GDT_KERNEL_DATA
boot_gdt_end:

	.globl	boot_gdt_low
boot_gdt_low:
	.word	boot_gdt_end - boot_gdt - 1
	.long	PHYS(boot_gdt)

	.globl	boot_gdt_high
boot_gdt_high:
	.word	boot_gdt_end - boot_gdt - 1
	.quad	boot_gdt

	.bss
	.balign	4096
	.globl	boot_pml4
boot_pml4:
	.skip	4096
boot_pdpt:
	.skip	4096
boot_pds:
	.skip	4 * 4096
	.globl	boot_stack
boot_stack:
	.skip	16384
	.globl	boot_stack_top
boot_stack_top:
