/*
 * pool.h - objects of one size in memory that never becomes anything else.
 *
 * An object that was put back may be given out again, but only by the same
 * pool, and its memory is never unmapped.  So a late look at a dead object sees
 * a dead object or its successor, never something of another kind.
 */
#pragma once

#include "abi/types.h"

struct pool_link;

struct pool {
	uint32_t	lock;
	uint32_t	size;		/* of an object */
	struct pool_link *free;
};

#define POOL_INIT(bytes)	{ .size = (bytes) }

/* An object as it was put back, or all zero if it is new; null without memory.
 * 64-byte aligned.  Context: any. */
void *pool_get(struct pool *pool);

/* Give @object back.  Its contents stay as they are.  Context: any. */
void pool_put(struct pool *pool, void *object);
