/*
 * kstack.h - stacks of the kernel, each above a hole.
 *
 * A stack that grows too far runs into unmapped memory and faults, instead of
 * into its neighbour's data.
 */
#pragma once

#include "abi/types.h"

#define KSTACK_SIZE	16384UL

/*
 * A stack's upper end, where it begins, aligned to 16; or 0: no memory.
 * kstack_free() takes that address back, from whoever has left the stack.
 *
 * Context: any but NMI; no lock above RANK_KMEM held.
 */
uintptr_t kstack_alloc(void);
void kstack_free(uintptr_t top);

/* Is @va in the hole below some stack?  Context: any. */
bool kstack_is_guard(uintptr_t va);
