/* irq.h - for tests on the host: nothing interrupts. */
#pragma once

#include "abi/types.h"

static inline uint64_t irq_save(void)
{
	return 0;
}

static inline void irq_restore(uint64_t flags)
{
}
