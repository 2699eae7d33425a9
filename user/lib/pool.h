/*
 * pool.h - objects of one size in memory that never becomes anything else.
 *
 * An object that was put back may be given out again, but only by the same
 * pool, and its memory is never unmapped.  So a late look at a dead object sees
 * a dead object or its successor, never something of another kind.
 */
#pragma once

#include "uspin.h"

struct pool_object;

struct pool {
	struct uspin	lock;
	uint32_t	size;		/* of an object */
	struct pool_object *free;	/* under lock */
};

#define POOL_INIT(bytes)	{ .size = (bytes) }

/* An object as it was put back, or all zero if it is new; null without memory.
 * 16-byte aligned.  Context: any. */
void *pool_get(struct pool *pool);

/* Give @object back, which nobody else can know of.  Its contents stay as they
 * are.  Context: any. */
void pool_put(struct pool *pool, void *object);

/*
 * Give @object back, which can no longer be found but which a handler on
 * another vcore may still be using: it is given out again only after all of
 * them have left.  In a uthread the call waits for that; in vcore context the
 * object is kept aside until a uthread calls.
 */
void pool_retire(struct pool *pool, void *object);
