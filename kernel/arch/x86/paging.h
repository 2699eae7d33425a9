/*
 * paging.h - page tables: what an address means.
 *
 * A table is known by the physical address of its root.  The upper half of
 * all tables is the kernel's and the same; it changes only in the range from
 * KMAP_BASE, and only by adding.  The lower half is one address space.
 *
 * Protections are PROT_READ, PROT_WRITE and PROT_EXEC; every mapped page can
 * be read.
 */
#pragma once

#include "abi/proc.h"
#include "abi/syscall.h"
#include "boot/bootinfo.h"

/* Kernel addresses for pt_map_kernel(), KMAP_SIZE bytes. */
#define KMAP_BASE	0xffffc00000000000UL
#define KMAP_SIZE	(1UL << 39)

/*
 * Make the kernel's own tables and load them: the direct map, the image with
 * each section as it should be, nothing in the lower half.
 *
 * Context: core 0, once, after page_init(), with NX turned on.
 */
void paging_init(const struct bootinfo *bi);

/* The root of the tables that have an empty lower half.  Below 4 GiB. */
paddr_t pt_kernel_root(void);

/*
 * Map the page at @pa at @va, above KMAP_BASE, in all address spaces, for the
 * kernel only and for good.  0 or -ENOMEM.
 *
 * Context: the caller serializes.
 */
int pt_map_kernel(uintptr_t va, paddr_t pa, unsigned int prot);

/* A root with an empty lower half, or 0: no memory. */
paddr_t pt_create(void);

/*
 * Free the tables below and at @root, not the pages that they map.
 *
 * Context: no core has it loaded.
 */
void pt_destroy(paddr_t root);

/*
 * Everything below works on lower halves and has the same
 * Context: the caller serializes per root; tables may be in use by cores.
 */

/* Map the page at @pa, where none is mapped.  0 or -ENOMEM.  Takes
 * pt_tables_missing() pages for tables; they stay until pt_destroy(). */
int pt_map(paddr_t root, uintptr_t va, paddr_t pa, unsigned int prot);
unsigned int pt_tables_missing(paddr_t root, uintptr_t va);

/* Is @va mapped?  Then to what; either pointer may be NULL. */
bool pt_lookup(paddr_t root, uintptr_t va, paddr_t *pa, unsigned int *prot);

/*
 * Unmapping has two halves, because cores remember translations for a while.
 * pt_retire() makes the pages of [*va, end) unreachable for new accesses and
 * says how many there were.  When no core remembers, pt_reap() takes them out
 * one by one: the first one retired at or after *va, or 0 if it met none.
 *
 * Tables may be many, so both end after @looks entries, in pt_reap() counted
 * off; *va is where to go on, and from @end on all is done.
 */
uint64_t pt_retire(paddr_t root, uintptr_t *va, uintptr_t end,
		   unsigned int looks);
paddr_t pt_reap(paddr_t root, uintptr_t *va, uintptr_t end,
		unsigned int *looks);

/* Use the tables at @root on this core. */
void pt_load(paddr_t root);

/* Make this core forget one translation of user memory, or all. */
void pt_flush_page(uintptr_t va);
void pt_flush_all(void);
