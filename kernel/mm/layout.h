/*
 * layout.h - where things lie in the kernel's half of every address space.
 *
 * The direct map holds all RAM and the whole of the first 4 GiB, devices
 * included, so any physical address that the kernel meets has one pointer.
 * Assembly and the linker script include this file too.
 */
#pragma once

#define DIRECT_BASE	0xffff800000000000
#define KERNEL_BASE	0xffffffff80000000

/* The image begins here, both physically and above KERNEL_BASE. */
#define KERNEL_PHYS	0x100000

#ifndef __ASSEMBLER__

#include "abi/types.h"

typedef uint64_t paddr_t;

/* The direct map's pointer to @pa. */
static inline void *pa_to_va(paddr_t pa)
{
	return (void *)(pa + DIRECT_BASE);
}

/* The physical address behind @va, in the direct map or the kernel image. */
static inline paddr_t va_to_pa(const void *va)
{
	uint64_t addr = (uint64_t)va;

	return addr - (addr >= KERNEL_BASE ? KERNEL_BASE : DIRECT_BASE);
}

#endif
