/*
 * idt.c - where each trap and interrupt enters the kernel.
 */
#include "arch/x86/idt.h"

#include "arch/x86/segments.h"
#include "arch/x86/vectors.h"
#include "arch/x86/x86.h"

#define GATE_INTERRUPT	0x8e	/* present, interrupts off */
#define GATE_USER	0x60	/* user code may use it by an instruction */

#define VEC_NMI		2
#define VEC_BREAKPOINT	3
#define VEC_DOUBLE	8
#define VEC_MCHECK	18

struct gate {
	uint16_t	offset_low;
	uint16_t	selector;
	uint8_t		ist;
	uint8_t		type;
	uint16_t	offset_middle;
	uint32_t	offset_high;
	uint32_t	reserved;
};
_Static_assert(sizeof(struct gate) == 16, "gate as the processor reads it");

static struct gate idt[NR_VECTORS] __attribute__((aligned(16)));

void idt_init(void)
{
	for (int i = 0; i < NR_VECTORS; i++) {
		uint64_t entry = trap_vectors[i];

		idt[i].offset_low = (uint16_t)entry;
		idt[i].offset_middle = (uint16_t)(entry >> 16);
		idt[i].offset_high = (uint32_t)(entry >> 32);
		idt[i].selector = KERNEL_CS;
		idt[i].type = GATE_INTERRUPT;
	}
	idt[VEC_BREAKPOINT].type |= GATE_USER;
}

void idt_use_stacks(void)
{
	idt[VEC_NMI].ist = IST_NMI;
	idt[VEC_DOUBLE].ist = IST_DOUBLE;
	idt[VEC_MCHECK].ist = IST_MCHECK;
}

void idt_load(void)
{
	struct table_register r = {
		.limit = sizeof(idt) - 1,
		.base = (uint64_t)idt,
	};

	lidt(&r);
}
