/*
 * malloc.c - memory for programs, in blocks of powers of two.
 *
 * Entered from any uthread and from vcore context.  Small blocks come from one
 * free list per size, filled by cutting up chunks from SYS_mmap, and return to
 * it; the process keeps them.  Anything over half a chunk is a mapping of its
 * own and goes back to the kernel.
 *
 * In front of every pointer handed out lies a struct header that says how to
 * take it back.  So free() looks nothing up, and aligned blocks cost no more
 * than a second header.
 */
#include "stdlib.h"

#include "errno.h"
#include "stdio.h"
#include "string.h"
#include "syscall.h"
#include "uspin.h"

#include <stdint.h>

#define MIN_SHIFT	5
#define MAX_SHIFT	16
#define NR_CLASSES	(MAX_SHIFT - MIN_SHIFT + 1)
#define CHUNK_SIZE	(2UL << MAX_SHIFT)

enum kind {
	KIND_BLOCK = 0x6b636f6c,	/* in use; .arg: its class */
	KIND_FREE = 0x65657266,		/* on the list of class .arg */
	KIND_MAPPING = 0x70616d6d,	/* .arg: bytes mapped */
	KIND_ALIGNED = 0x67696c61,	/* .arg: where the block is */
};

struct header {
	uint64_t	arg;
	uint32_t	kind;		/* enum kind: unlikely values */
	uint32_t	pad;
};
_Static_assert(sizeof(struct header) == 16, "headers keep the alignment");

struct free_block {
	struct header	header;
	struct free_block *next;
};

/* Under the lock. */
static struct uspin heap_lock;
static struct free_block *free_lists[NR_CLASSES];
static char *chunk;			/* the part of it that is not cut yet */
static size_t chunk_left;

static struct header *header_of(void *ptr)
{
	return (struct header *)ptr - 1;
}

static unsigned int class_of(size_t bytes)
{
	unsigned int class = 0;

	while (bytes > 1UL << (class + MIN_SHIFT))
		class++;
	return class;
}

static void block_put_locked(struct header *h)
{
	struct free_block *b = (struct free_block *)h;

	h->kind = KIND_FREE;
	b->next = free_lists[h->arg];
	free_lists[h->arg] = b;
}

static struct header *chunk_cut_locked(unsigned int class)
{
	struct header *h = (struct header *)chunk;

	h->arg = class;
	chunk += 1UL << (class + MIN_SHIFT);
	chunk_left -= 1UL << (class + MIN_SHIFT);
	return h;
}

/* Start a fresh chunk; what is left of the old one becomes smaller blocks. */
static bool chunk_refill_locked(void)
{
	void *fresh = sys_mmap(NULL, CHUNK_SIZE, PROT_READ | PROT_WRITE);
	unsigned int class = MAX_SHIFT - MIN_SHIFT;

	if (!fresh)
		return false;
	while (chunk_left >= 1UL << MIN_SHIFT) {
		while (chunk_left < 1UL << (class + MIN_SHIFT))
			class--;
		block_put_locked(chunk_cut_locked(class));
	}
	chunk = fresh;
	chunk_left = CHUNK_SIZE;
	return true;
}

static struct header *block_get_locked(unsigned int class)
{
	struct free_block *b = free_lists[class];

	if (b) {
		free_lists[class] = b->next;
		return &b->header;
	}
	if (chunk_left < 1UL << (class + MIN_SHIFT) && !chunk_refill_locked())
		return NULL;
	return chunk_cut_locked(class);
}

/* @bytes counts the header. */
static struct header *mapping_get(size_t bytes)
{
	struct header *h;

	bytes = (bytes + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	h = sys_mmap(NULL, bytes, PROT_READ | PROT_WRITE);
	if (!h)
		return NULL;
	h->kind = KIND_MAPPING;
	h->arg = bytes;
	return h;
}

void *malloc(size_t size)
{
	size_t bytes = size + sizeof(struct header);
	struct header *h;

	if (bytes < size || bytes > USER_TOP) {
		h = NULL;
	} else if (bytes > 1UL << MAX_SHIFT) {
		h = mapping_get(bytes);
	} else {
		uspin_lock(&heap_lock);
		h = block_get_locked(class_of(bytes));
		if (h)
			h->kind = KIND_BLOCK;
		uspin_unlock(&heap_lock);
	}
	if (!h) {
		errno = ENOMEM;
		return NULL;
	}
	return h + 1;
}

void free(void *ptr)
{
	struct header *h;

	if (!ptr)
		return;
	h = header_of(ptr);
	if (h->kind == KIND_ALIGNED)
		h = (struct header *)((char *)h - h->arg);
	switch (h->kind) {
	case KIND_MAPPING:
		sys_munmap(h, h->arg);
		break;
	case KIND_BLOCK:
		uspin_lock(&heap_lock);
		block_put_locked(h);
		uspin_unlock(&heap_lock);
		break;
	default:
		dprintf(2, "free(%p): not from malloc(), or freed already\n",
			ptr);
		abort();
	}
}

/* How many bytes @ptr can hold. */
static size_t usable_size(void *ptr)
{
	struct header *h = header_of(ptr);
	size_t before = sizeof(*h);

	if (h->kind == KIND_ALIGNED) {
		before += h->arg;
		h = (struct header *)((char *)h - h->arg);
	}
	if (h->kind == KIND_MAPPING)
		return h->arg - before;
	return (1UL << (h->arg + MIN_SHIFT)) - before;
}

void *calloc(size_t nr, size_t size)
{
	size_t bytes;
	void *ptr;

	if (__builtin_mul_overflow(nr, size, &bytes))
		bytes = SIZE_MAX;
	ptr = malloc(bytes);
	return ptr ? memset(ptr, 0, bytes) : NULL;
}

void *realloc(void *ptr, size_t size)
{
	void *fresh;
	size_t old;

	if (!ptr)
		return malloc(size);
	old = usable_size(ptr);
	if (size <= old)
		return ptr;
	fresh = malloc(size);
	if (!fresh)
		return NULL;
	memcpy(fresh, ptr, old);
	free(ptr);
	return fresh;
}

void *aligned_alloc(size_t align, size_t size)
{
	uintptr_t ptr, aligned;
	struct header *h;

	if (align <= sizeof(struct header))
		return malloc(size);
	if (size + align < size) {
		errno = ENOMEM;
		return NULL;
	}
	ptr = (uintptr_t)malloc(size + align);
	if (!ptr)
		return NULL;
	aligned = (ptr + align - 1) & ~(align - 1);
	/* Both are multiples of 16: apart, there is room for a header. */
	if (aligned != ptr) {
		h = header_of((void *)aligned);
		h->kind = KIND_ALIGNED;
		h->arg = aligned - ptr;
	}
	return (void *)aligned;
}
