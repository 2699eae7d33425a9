/*
 * kmalloc.h - memory for objects of the kernel.
 */
#pragma once

#include "abi/types.h"

/* Context: core 0, once, before the rest. */
void kmalloc_init(void);

/*
 * @size bytes, aligned to 16, or NULL; the second kind filled with zeros.
 * More than KMALLOC_MAX bytes come as whole pages, a power of two of them.
 *
 * Context: any but NMI; no lock above RANK_KMEM held.
 */
#define KMALLOC_MAX	2016

void *kmalloc(size_t size);
void *kzalloc(size_t size);

/*
 * Give back what one of them gave; NULL is allowed.  Panics if @ptr is
 * neither, or has been given back already.
 *
 * Context: as above.
 */
void kfree(void *ptr);

/* How many objects of less than a page are in use: to find leaks. */
uint64_t kmalloc_count(void);
