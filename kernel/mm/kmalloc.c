/*
 * kmalloc.c - a page cut into objects of one size.
 *
 * Each size has its list of pages, called slabs, in which at least one object
 * is free.  A slab begins with a header, so an object's slab is found by
 * rounding its address down to a page, and an object is never itself at the
 * beginning of a page: an address that is was allocated as whole pages.
 *
 * Which objects are taken is a bitmap in the header.  Nothing is kept in the
 * free objects, so writing past one object's end breaks another's contents
 * but never the allocator.
 */
#include "mm/kmalloc.h"

#include "lib/list.h"
#include "lib/panic.h"
#include "lib/string.h"
#include "mm/page.h"
#include "sync/atomic.h"
#include "sync/spinlock.h"

#define MAP_BITS	256

struct slab {
	struct list	link;		/* on its class's list, unless full */
	uint16_t	class;		/* fixed: index of class_size */
	uint16_t	nr_objects;	/* fixed */
	uint16_t	nr_used;
	uint16_t	magic;
	uint64_t	used[MAP_BITS / 64];
	uint64_t	pad;
};

#define SLAB_MAGIC	0x51ab
#define SLAB_SPACE	(PAGE_SIZE - sizeof(struct slab))

_Static_assert(sizeof(struct slab) == 64, "objects are aligned to 16");
_Static_assert(SLAB_SPACE / 16 <= MAP_BITS, "the map has room for all");

/* Sizes that waste little of a slab's 4032 bytes. */
static const uint16_t class_size[] = {
	16, 32, 48, 64, 96, 128, 192, 256, 336, 448, 576, 800, 1008, 1344,
	KMALLOC_MAX,
};

#define NR_CLASSES	(sizeof(class_size) / sizeof(class_size[0]))

static struct spinlock kmem_lock = SPINLOCK_INIT("kmalloc", RANK_KMEM);

/* kmem_lock: slabs with a free object, by class. */
static struct list partial[NR_CLASSES];
static uint64_t nr_objects;		/* in use; peeked at */

void kmalloc_init(void)
{
	for (unsigned int i = 0; i < NR_CLASSES; i++)
		list_init(&partial[i]);
}

static struct slab *slab_create_locked(unsigned int class)
{
	struct slab *slab = page_alloc(0);

	assert(spin_held(&kmem_lock));
	if (!slab)
		return NULL;
	memset(slab, 0, sizeof(*slab));
	slab->class = class;
	slab->nr_objects = SLAB_SPACE / class_size[class];
	slab->magic = SLAB_MAGIC;
	list_prepend(&partial[class], &slab->link);
	return slab;
}

/* The lowest free object of @slab, which must have one. */
static void *slab_take_locked(struct slab *slab)
{
	unsigned int word = 0, bit;

	assert(spin_held(&kmem_lock));
	while (!~slab->used[word])
		word++;
	bit = __builtin_ctzl(~slab->used[word]);
	slab->used[word] |= 1UL << bit;
	write_once(nr_objects, nr_objects + 1);
	if (++slab->nr_used == slab->nr_objects)
		list_remove(&slab->link);
	return (char *)(slab + 1) + (word * 64 + bit) * class_size[slab->class];
}

uint64_t kmalloc_count(void)
{
	return read_once(nr_objects);
}

/* The whole-page half of kmalloc(). */
static void *pages_alloc(size_t size)
{
	unsigned int order = 0;

	while (order <= PAGE_MAX_ORDER && PAGE_SIZE << order < size)
		order++;
	return page_alloc(order);
}

void *kmalloc(size_t size)
{
	unsigned int class = 0;
	struct slab *slab;
	struct list *l;
	uint64_t flags;
	void *object = NULL;

	if (size > KMALLOC_MAX)
		return pages_alloc(size);
	while (class_size[class] < size)
		class++;
	flags = spin_lock_irqsave(&kmem_lock);
	l = list_first(&partial[class]);
	slab = l ? list_entry(l, struct slab, link) : slab_create_locked(class);
	if (slab)
		object = slab_take_locked(slab);
	spin_unlock_irqrestore(&kmem_lock, flags);
	return object;
}

void *kzalloc(size_t size)
{
	void *ptr = kmalloc(size);

	if (ptr)
		memset(ptr, 0, size);
	return ptr;
}

/* A slab that becomes empty is given up unless it is its class's last, which
 * the next kmalloc() would have to make again. */
static void slab_put_locked(struct slab *slab, size_t index)
{
	struct list *list = &partial[slab->class];
	uint64_t bit = 1UL << index % 64;

	assert(spin_held(&kmem_lock));
	if (!(slab->used[index / 64] & bit))
		panic("kfree: object %zu of slab %p is free already", index,
		      slab);
	slab->used[index / 64] &= ~bit;
	write_once(nr_objects, nr_objects - 1);
	if (slab->nr_used-- == slab->nr_objects)
		list_prepend(list, &slab->link);
	if (slab->nr_used || list->next == list->prev)
		return;
	list_remove(&slab->link);
	slab->magic = 0;
	page_free(slab, 0);
}

void kfree(void *ptr)
{
	uintptr_t offset = (uintptr_t)ptr % PAGE_SIZE;
	struct slab *slab;
	uint64_t flags;

	if (!ptr)
		return;
	if (!offset) {
		page_free(ptr, page_order(ptr));
		return;
	}
	slab = (struct slab *)((uintptr_t)ptr - offset);
	if (slab->magic != SLAB_MAGIC || offset < sizeof(*slab) ||
	    (offset - sizeof(*slab)) % class_size[slab->class])
		panic("kfree: %p is no object", ptr);
	flags = spin_lock_irqsave(&kmem_lock);
	slab_put_locked(slab, (offset - sizeof(*slab)) /
			      class_size[slab->class]);
	spin_unlock_irqrestore(&kmem_lock, flags);
}
