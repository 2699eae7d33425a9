/*
 * page.h - physical memory, in blocks of 2^order pages.
 *
 * Blocks are known by their address in the direct map and are aligned to
 * their size.  A buddy allocator: the same requests in the same order always
 * give the same addresses.
 */
#pragma once

#include "boot/bootinfo.h"

#define PAGE_MAX_ORDER	10	/* 4 MiB */

/*
 * Take over the free memory of @bi below 4 GiB, which is what the boot page
 * tables map.
 *
 * Context: core 0, once.
 */
void page_init(const struct bootinfo *bi);

/*
 * Take over the rest.
 *
 * Context: core 0, once, after paging_init().
 */
void page_init_high(const struct bootinfo *bi);

/*
 * 2^order pages; the second kind filled with zeros.  NULL when there is none.
 *
 * Context: any but NMI; no lock above RANK_PAGE held.
 */
void *page_alloc(unsigned int order);
void *page_alloc_zeroed(unsigned int order);

/*
 * Give back what page_alloc(@order) gave.  Panics if it is not that.
 *
 * Context: as above.
 */
void page_free(void *va, unsigned int order);

/* The order that the block beginning at @va was allocated with. */
unsigned int page_order(const void *va);

/* In pages: free now, and free at most.  The first is out of date at once. */
uint64_t page_free_count(void);
uint64_t page_total_count(void);
