/* layout.h - for tests on the host: physical memory is an array. */
#pragma once

#include "abi/types.h"

typedef uint64_t paddr_t;

extern char *ram;

static inline void *pa_to_va(paddr_t pa)
{
	return ram + pa;
}

static inline paddr_t va_to_pa(const void *va)
{
	return (paddr_t)((const char *)va - ram);
}
