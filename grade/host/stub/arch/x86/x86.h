/* x86.h - for tests on the host: instructions that only count. */
#pragma once

#include "abi/types.h"

extern uint64_t cr3;
extern unsigned int nr_cr3_writes;

static inline uint64_t read_cr3(void)
{
	return cr3;
}

static inline void write_cr3(uint64_t v)
{
	cr3 = v;
	nr_cr3_writes++;
}

static inline void invlpg(const void *va)
{
}
