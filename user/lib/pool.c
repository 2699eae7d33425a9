/*
 * pool.c - type-stable objects, carved from pages that are never given back.
 *
 * A link stands in front of every object, not inside it, so that an object at
 * rest still looks as it did in life to someone who comes late.
 */
#include "pool.h"

#include "event.h"
#include "syscall.h"
#include "vcore.h"

#define POOL_CHUNK	PAGE_SIZE

struct pool_object {
	struct pool_object *next;	/* in a pool's free list, or in limbo */
	struct pool	*pool;
	char		payload[];	/* 16-byte aligned */
};

_Static_assert(sizeof(struct pool_object) % 16 == 0, "payload is aligned");

/* Retired objects that a handler may still be using. */
static struct uspin limbo_lock;
static struct pool_object *limbo;

static struct pool_object *object_of(void *payload)
{
	return (struct pool_object *)((char *)payload -
				      offsetof(struct pool_object, payload));
}

/* Chop a new page into free objects.  The lock is held. */
static bool pool_grow_locked(struct pool *pool)
{
	size_t each = (sizeof(struct pool_object) + pool->size + 15) & ~15UL;
	int64_t page = syscall_call(SYS_mmap, 0, POOL_CHUNK,
				    PROT_READ | PROT_WRITE, 0, 0);

	if (page < 0)
		return false;
	for (size_t at = 0; at + each <= POOL_CHUNK; at += each) {
		struct pool_object *obj = (struct pool_object *)(page + at);

		obj->pool = pool;
		obj->next = pool->free;
		pool->free = obj;
	}
	return true;
}

void *pool_get(struct pool *pool)
{
	struct pool_object *obj = NULL;

	uspin_lock(&pool->lock);
	if (pool->free || pool_grow_locked(pool)) {
		obj = pool->free;
		pool->free = obj->next;
	}
	uspin_unlock(&pool->lock);
	return obj ? obj->payload : NULL;
}

void pool_put(struct pool *pool, void *object)
{
	struct pool_object *obj = object_of(object);

	uspin_lock(&pool->lock);
	obj->next = pool->free;
	pool->free = obj;
	uspin_unlock(&pool->lock);
}

void pool_retire(struct pool *pool, void *object)
{
	struct pool_object *obj = object_of(object);
	struct pool_object *list;

	uspin_lock(&limbo_lock);
	obj->next = limbo;
	limbo = obj;
	uspin_unlock(&limbo_lock);
	/* Two handlers that waited for each other would wait for ever. */
	if (notifs_masked())
		return;

	uspin_lock(&limbo_lock);
	list = limbo;
	limbo = NULL;
	uspin_unlock(&limbo_lock);
	event_quiesce();
	while (list) {
		obj = list;
		list = obj->next;
		pool_put(obj->pool, obj->payload);
	}
}
