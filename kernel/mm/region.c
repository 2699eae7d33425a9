/*
 * region.c - a sorted array of ranges of addresses.
 *
 * Lookups, on the path of every page fault, halve the array; changes move its
 * tail.  Programs have tens of regions, because neighbours merge.
 */
#include "mm/region.h"

#include "abi/errno.h"
#include "abi/proc.h"
#include "lib/panic.h"
#include "lib/string.h"
#include "mm/kmalloc.h"

#define FIRST_ROOM	16

void region_list_free(struct region_list *list)
{
	kfree(list->at);
	list->at = NULL;
	list->nr = list->room = 0;
}

uint32_t region_index(const struct region_list *list, uintptr_t va)
{
	uint32_t low = 0, high = list->nr;
	uint32_t mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (list->at[mid].end <= va)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct region *region_find(const struct region_list *list, uintptr_t va)
{
	uint32_t i = region_index(list, va);

	return i < list->nr && list->at[i].start <= va ? &list->at[i] : NULL;
}

bool region_range_free(const struct region_list *list, uintptr_t start,
		       uintptr_t end)
{
	uint32_t i = region_index(list, start);

	return i == list->nr || list->at[i].start >= end;
}

uintptr_t region_find_gap(const struct region_list *list, size_t len,
			  uintptr_t ceiling)
{
	uint32_t i = region_index(list, ceiling);
	uintptr_t high = ceiling;

	if (i < list->nr && list->at[i].start < ceiling)
		high = list->at[i].start;
	while (i-- > 0) {
		if (high - list->at[i].end >= len)
			return high - len;
		high = list->at[i].start;
	}
	return high >= len && high - len >= USER_LOW ? high - len : 0;
}

int region_reserve(struct region_list *list, uint32_t more)
{
	uint32_t room = list->room ? 2 * list->room : FIRST_ROOM;
	struct region *at;

	if (list->nr + more <= list->room)
		return 0;
	if (list->nr + more > MAX_REGIONS)
		return -ENOMEM;
	at = kmalloc(room * sizeof(*at));
	if (!at)
		return -ENOMEM;
	if (list->nr)
		memcpy(at, list->at, list->nr * sizeof(*at));
	kfree(list->at);
	list->at = at;
	list->room = room;
	return 0;
}

static void open_slot(struct region_list *list, uint32_t i)
{
	assert(list->nr < list->room);
	memmove(&list->at[i + 1], &list->at[i],
		(list->nr - i) * sizeof(list->at[0]));
	list->nr++;
}

static void close_slot(struct region_list *list, uint32_t i)
{
	list->nr--;
	memmove(&list->at[i], &list->at[i + 1],
		(list->nr - i) * sizeof(list->at[0]));
}

/* Do @a and the @b that follows it make one region? */
static bool mergeable(const struct region *a, const struct region *b)
{
	return a->end == b->start && a->kind == b->kind &&
	       a->prot == b->prot && a->kind != REGION_LEAVING;
}

void region_insert(struct region_list *list, struct region r)
{
	uint32_t i = region_index(list, r.start);
	bool left = i > 0 && mergeable(&list->at[i - 1], &r);
	bool right = i < list->nr && mergeable(&r, &list->at[i]);

	assert(region_range_free(list, r.start, r.end));
	if (left && right) {
		list->at[i - 1].end = list->at[i].end;
		close_slot(list, i);
	} else if (left) {
		list->at[i - 1].end = r.end;
	} else if (right) {
		list->at[i].start = r.start;
	} else {
		open_slot(list, i);
		list->at[i] = r;
	}
}

bool region_lies_across(const struct region_list *list, uintptr_t va)
{
	const struct region *r = region_find(list, va);

	return r && r->start < va;
}

void region_split(struct region_list *list, uintptr_t va)
{
	uint32_t i = region_index(list, va);

	if (!region_lies_across(list, va))
		return;
	open_slot(list, i);
	list->at[i] = list->at[i + 1];
	list->at[i].end = va;
	list->at[i + 1].start = va;
}

void region_remove(struct region_list *list, uintptr_t start, uintptr_t end,
		   uint32_t ticket)
{
	uint32_t i = region_index(list, start);

	while (i < list->nr && list->at[i].start < end) {
		if (list->at[i].kind == REGION_LEAVING &&
		    list->at[i].ticket == ticket)
			close_slot(list, i);
		else
			i++;
	}
}
