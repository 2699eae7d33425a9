/*
 * region.h - which addresses of an address space mean what.
 *
 * A sorted array of disjoint ranges of pages.  Neighbours that mean the same
 * are one region.  Whoever owns the list supplies the lock.
 */
#pragma once

#include "abi/types.h"

/* A hostile program could make each of its pages a region. */
#define MAX_REGIONS	4096

enum region_kind {
	REGION_ANON,		/* a zeroed page appears when first touched */
	REGION_GUARD,		/* nothing ever appears */
	REGION_KERNEL,		/* pages of the kernel's, all there */
	REGION_LEAVING,		/* some core may remember what was here */
};

/* [start, end), both multiples of PAGE_SIZE. */
struct region {
	uintptr_t	start;
	uintptr_t	end;
	uint8_t		prot;		/* PROT_* */
	uint8_t		kind;		/* enum region_kind */
	uint32_t	ticket;		/* LEAVING: who will remove it */
};

/* All zero: an empty list. */
struct region_list {
	struct region	*at;		/* ascending */
	uint32_t	nr;
	uint32_t	room;		/* that @at has */
};

void region_list_free(struct region_list *list);

/* The region around @va, or NULL. */
struct region *region_find(const struct region_list *list, uintptr_t va);

/* The index of the first region that ends above @va; nr if there is none. */
uint32_t region_index(const struct region_list *list, uintptr_t va);

bool region_range_free(const struct region_list *list, uintptr_t start,
		       uintptr_t end);

/* The highest @len free bytes below @ceiling; 0 if there are none. */
uintptr_t region_find_gap(const struct region_list *list, size_t len,
			  uintptr_t ceiling);

/* Make sure that the list can take @more regions.  0 or -ENOMEM. */
int region_reserve(struct region_list *list, uint32_t more);

/* Insert @r where the list is free; uses up one reserved region at most. */
void region_insert(struct region_list *list, struct region r);

/* Is there a region around @va that begins before it? */
bool region_lies_across(const struct region_list *list, uintptr_t va);

/* Cut that region in two, if there is one; uses up a reserved region then. */
void region_split(struct region_list *list, uintptr_t va);

/* Remove the regions of [start, end) that wait for @ticket. */
void region_remove(struct region_list *list, uintptr_t start, uintptr_t end,
		   uint32_t ticket);
