/*
 * aspace.c - address spaces.
 *
 * Regions say what may be at an address, page tables what is there.  A page
 * of an ANON region comes with the first touch and goes with the region.
 *
 * Page tables count against the process's limit like pages, and are kept
 * until the address space goes: a program that touches one page in each GiB
 * and unmaps it again fills its own limit and not the kernel's memory.
 *
 * Unmapping makes regions LEAVING; retires their pages, some at a time, for
 * tables may be many; waits for other cores without the lock; and frees the
 * pages likewise.  In between, the addresses are neither usable nor free.  Each
 * unmapping has a ticket and works on what bears that: another may be waiting
 * for the same range's neighbours, and has not waited for ours.
 */
#include "mm/aspace.h"

#include "abi/errno.h"
#include "abi/proc.h"
#include "arch/x86/irq.h"
#include "arch/x86/paging.h"
#include "lib/panic.h"
#include "lib/string.h"
#include "mm/kmalloc.h"
#include "mm/page.h"
#include "mm/shootdown.h"
#include "sync/atomic.h"
#include "sync/percore.h"

/* Entries of page tables looked at with the lock held and interrupts off. */
#define LOOKS	256

struct aspace *aspace_create(uint64_t max_pages)
{
	struct aspace *as = kzalloc(sizeof(*as));

	if (!as)
		return NULL;
	as->root = pt_create();
	if (!as->root) {
		kfree(as);
		return NULL;
	}
	spin_init(&as->lock, "aspace", RANK_ASPACE);
	as->max_pages = max_pages;
	as->nr_tables = 1;
	return as;
}

/* One step of unmapping, through the next entries of [*va, end); *va moves
 * on.  How many pages it met. */
typedef uint64_t (*unmap_step)(struct aspace *as, uintptr_t *va,
			       uintptr_t end);

static uint64_t retire(struct aspace *as, uintptr_t *va, uintptr_t end)
{
	return pt_retire(as->root, va, end, LOOKS);
}

/* The step after: free what is retired. */
static uint64_t reap(struct aspace *as, uintptr_t *va, uintptr_t end)
{
	unsigned int looks = LOOKS;
	uint64_t nr = 0;
	paddr_t pa;

	while ((pa = pt_reap(as->root, va, end, &looks))) {
		page_free(pa_to_va(pa), 0);
		as->nr_pages--;
		nr++;
	}
	return nr;
}

void aspace_destroy(struct aspace *as)
{
	/* Nobody else knows @as any more, so its lock is not needed. */
	assert(!read_once(as->nr_loaded));
	for (uint32_t i = 0; i < as->regions.nr; i++) {
		struct region *r = &as->regions.at[i];

		assert(r->kind != REGION_LEAVING);
		if (r->kind != REGION_ANON)
			continue;
		for (uintptr_t va = r->start; va < r->end;)
			retire(as, &va, r->end);
		for (uintptr_t va = r->start; va < r->end;)
			reap(as, &va, r->end);
	}
	assert(!as->nr_pages);
	region_list_free(&as->regions);
	pt_destroy(as->root);
	kfree(as);
}

/* Round *len up to pages and check that [va, va + *len) is a user's. */
static int check_range(uintptr_t va, size_t *len)
{
	if (va % PAGE_SIZE || va < USER_LOW || va >= USER_TOP || !*len ||
	    *len > USER_TOP - va)
		return -EINVAL;
	*len = (*len + PAGE_SIZE - 1) & -PAGE_SIZE;
	return 0;
}

/* Make a region of what check_range() has passed. */
static int add_region_locked(struct aspace *as, uintptr_t va, size_t len,
			     unsigned int prot, enum region_kind kind)
{
	struct region r = {
		.start = va, .end = va + len, .prot = prot, .kind = kind,
	};

	assert(spin_held(&as->lock));
	if (!region_range_free(&as->regions, r.start, r.end))
		return -EEXIST;
	if (region_reserve(&as->regions, 1))
		return -ENOMEM;
	region_insert(&as->regions, r);
	return 0;
}

static int add_region(struct aspace *as, uintptr_t va, size_t len,
		      unsigned int prot, enum region_kind kind)
{
	uint64_t flags = spin_lock_irqsave(&as->lock);
	int err = add_region_locked(as, va, len, prot, kind);

	spin_unlock_irqrestore(&as->lock, flags);
	return err;
}

int aspace_map_anon(struct aspace *as, uintptr_t *va, size_t len,
		    unsigned int prot)
{
	enum region_kind kind = prot ? REGION_ANON : REGION_GUARD;
	uint64_t flags;
	int err;

	if (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC))
		return -EINVAL;
	if (prot & PROT_WRITE && prot & PROT_EXEC)
		return -EACCES;
	if (prot)
		prot |= PROT_READ;	/* x86 cannot write or run only */
	err = check_range(*va ? *va : USER_LOW, &len);
	if (err)
		return err;
	if (*va)
		return add_region(as, *va, len, prot, kind);

	flags = spin_lock_irqsave(&as->lock);
	*va = region_find_gap(&as->regions, len, MMAP_TOP);
	err = *va ? add_region_locked(as, *va, len, prot, kind) : -ENOMEM;
	spin_unlock_irqrestore(&as->lock, flags);
	return err;
}

int aspace_map_guard(struct aspace *as, uintptr_t va, size_t len)
{
	int err = check_range(va, &len);

	return err ? err : add_region(as, va, len, 0, REGION_GUARD);
}

/* Map a page that is not there, and count the tables that this takes. */
static int map_page_locked(struct aspace *as, uintptr_t va, void *page,
			   unsigned int prot)
{
	unsigned int tables = pt_tables_missing(as->root, va);

	assert(spin_held(&as->lock));
	if (as->nr_pages + as->nr_tables + tables > as->max_pages)
		return -ENOMEM;
	if (pt_map(as->root, va, va_to_pa(page), prot)) {
		/* Some of the tables may have been made. */
		as->nr_tables += tables - pt_tables_missing(as->root, va);
		return -ENOMEM;
	}
	as->nr_tables += tables;
	return 0;
}

int aspace_map_kernel(struct aspace *as, uintptr_t va, void *kva, size_t len,
		      unsigned int prot)
{
	uint64_t flags;
	int err = check_range(va, &len);

	if (err)
		return err;
	flags = spin_lock_irqsave(&as->lock);
	err = add_region_locked(as, va, len, prot, REGION_KERNEL);
	for (size_t at = 0; !err && at < len; at += PAGE_SIZE)
		err = map_page_locked(as, va + at, (char *)kva + at, prot);
	spin_unlock_irqrestore(&as->lock, flags);
	return err;
}

/* Make sure that there is a page at @va in the ANON region @r. */
static int bring_in_locked(struct aspace *as, const struct region *r,
			   uintptr_t va)
{
	void *page;

	assert(spin_held(&as->lock));
	if (pt_lookup(as->root, va, NULL, NULL))
		return 0;
	if (as->nr_pages + as->nr_tables >= as->max_pages)
		return -ENOMEM;
	page = page_alloc_zeroed(0);
	if (!page)
		return -ENOMEM;
	as->nr_pages++;
	if (!map_page_locked(as, va, page, r->prot))
		return 0;
	as->nr_pages--;
	page_free(page, 0);
	return -ENOMEM;
}

int aspace_fault(struct aspace *as, uintptr_t va, unsigned int access)
{
	uint64_t flags = spin_lock_irqsave(&as->lock);
	const struct region *r = region_find(&as->regions, va);
	int err = -EFAULT;

	/* A page that is there already came while we were on our way. */
	if (r && !(access & ~r->prot) && r->kind == REGION_ANON)
		err = bring_in_locked(as, r, va & -PAGE_SIZE);
	else if (r && !(access & ~r->prot) && r->kind == REGION_KERNEL)
		err = 0;
	spin_unlock_irqrestore(&as->lock, flags);
	return err;
}

int aspace_map_page_now(struct aspace *as, uintptr_t *va)
{
	struct region r = {
		.prot = PROT_READ | PROT_WRITE, .kind = REGION_ANON,
	};
	uint64_t flags = spin_lock_irqsave(&as->lock);
	int err = -ENOMEM;

	r.start = region_find_gap(&as->regions, PAGE_SIZE, MMAP_TOP);
	r.end = r.start + PAGE_SIZE;
	if (!r.start || region_reserve(&as->regions, 1))
		goto unlock;
	/* The page first: taking a region back would be more work. */
	err = bring_in_locked(as, &r, r.start);
	if (err)
		goto unlock;
	region_insert(&as->regions, r);
	*va = r.start;
unlock:
	spin_unlock_irqrestore(&as->lock, flags);
	return err;
}

/* Unmapping begins: no page comes to [start, end) any more. */
static int leave_locked(struct aspace *as, uintptr_t start, uintptr_t end,
			uint32_t ticket)
{
	struct region_list *list = &as->regions;
	uint32_t first = region_index(list, start);
	struct region *r;

	assert(spin_held(&as->lock));
	for (uint32_t i = first; i < list->nr && list->at[i].start < end; i++)
		if (list->at[i].kind == REGION_KERNEL)
			return -EPERM;
	if (region_reserve(list, region_lies_across(list, start) +
				 region_lies_across(list, end)))
		return -ENOMEM;
	region_split(list, start);
	region_split(list, end);
	first = region_index(list, start);
	for (uint32_t i = first; i < list->nr && list->at[i].start < end; i++) {
		r = &list->at[i];
		if (r->kind == REGION_LEAVING)
			continue;	/* somebody is at it */
		r->kind = REGION_LEAVING;
		r->prot = 0;
		r->ticket = ticket;
	}
	return 0;
}

/* Take @step through the regions in [start, end) that bear @ticket.  Others
 * have their turn in between: interrupts should not be off for long.  How many
 * pages it met. */
static uint64_t for_ticket(struct aspace *as, uintptr_t start, uintptr_t end,
			   uint32_t ticket, unmap_step step)
{
	struct region_list *list = &as->regions;
	uintptr_t va = start;
	uint64_t nr = 0;

	while (va < end) {
		uint64_t flags = spin_lock_irqsave(&as->lock);
		uint32_t i = region_index(list, va);
		struct region *r = i < list->nr ? &list->at[i] : NULL;

		if (!r || r->start >= end)
			va = end;
		else if (r->kind != REGION_LEAVING || r->ticket != ticket)
			va = r->end;
		else if (va < r->start)
			va = r->start;
		else
			nr += step(as, &va, r->end);
		spin_unlock_irqrestore(&as->lock, flags);
	}
	return nr;
}

int aspace_unmap(struct aspace *as, uintptr_t va, size_t len)
{
	uint32_t ticket;
	uint64_t flags;
	int err = check_range(va, &len);

	if (err)
		return err;
	flags = spin_lock_irqsave(&as->lock);
	ticket = as->next_ticket++;
	err = leave_locked(as, va, va + len, ticket);
	spin_unlock_irqrestore(&as->lock, flags);
	if (err)
		return err;
	if (for_ticket(as, va, va + len, ticket, retire)) {
		tlb_shootdown(as, va, va + len);
		for_ticket(as, va, va + len, ticket, reap);
	}
	flags = spin_lock_irqsave(&as->lock);
	region_remove(&as->regions, va, va + len, ticket);
	spin_unlock_irqrestore(&as->lock, flags);
	return 0;
}

bool aspace_is_writable(struct aspace *as, uintptr_t va, size_t len)
{
	const struct region_list *list = &as->regions;
	uintptr_t end = va + len;
	uint64_t flags;

	if (end < va)
		return false;
	flags = spin_lock_irqsave(&as->lock);
	for (uint32_t i = region_index(list, va); i < list->nr; i++) {
		const struct region *r = &list->at[i];

		if (va >= end || r->start > va || !(r->prot & PROT_WRITE))
			break;
		va = r->end;
	}
	spin_unlock_irqrestore(&as->lock, flags);
	return va >= end;
}

/* Fill a part of one page. */
static int write_page(struct aspace *as, uintptr_t va, const void *src,
		      size_t len)
{
	uint64_t flags = spin_lock_irqsave(&as->lock);
	const struct region *r = region_find(&as->regions, va);
	int err = -EFAULT;
	paddr_t pa;

	if (!r || r->kind != REGION_ANON)
		goto unlock;
	err = bring_in_locked(as, r, va & -PAGE_SIZE);
	if (err)
		goto unlock;
	if (!pt_lookup(as->root, va, &pa, NULL))
		panic("page at %p came and is not there", (void *)va);
	memcpy((char *)pa_to_va(pa) + va % PAGE_SIZE, src, len);
unlock:
	spin_unlock_irqrestore(&as->lock, flags);
	return err;
}

int aspace_write(struct aspace *as, uintptr_t va, const void *src, size_t len)
{
	const char *from = src;
	size_t n;
	int err = 0;

	for (; len && !err; len -= n, va += n, from += n) {
		n = PAGE_SIZE - va % PAGE_SIZE;
		if (n > len)
			n = len;
		err = write_page(as, va, from, n);
	}
	return err;
}

uint64_t aspace_pages(struct aspace *as)
{
	/* Out of date at once, whether or not under the lock. */
	return read_once(as->nr_pages) + read_once(as->nr_tables);
}

struct aspace *aspace_current(void)
{
	return percore()->aspace;
}

/* Load @root, for @as or for none. */
static void aspace_switch(struct aspace *as, paddr_t root)
{
	uint64_t flags = irq_save();
	struct percore *pc = percore();
	struct aspace *old = pc->aspace;

	write_once(pc->aspace, as);
	/* We are seen to use @as before we look at the generation and walk its
	 * tables.  Pairs with atomic_fetch_add64() in
	 * mm/shootdown.c:tlb_shootdown() [tlb-load]. */
	if (as)
		atomic_fetch_add32(&as->nr_loaded, 1);
	tlb_load(root);
	/* Only now has the old one no walker left: it may be destroyed. */
	if (old)
		atomic_fetch_add32(&old->nr_loaded, -1U);
	irq_restore(flags);
}

void aspace_load(struct aspace *as)
{
	if (aspace_current() != as)
		aspace_switch(as, as->root);
}

void aspace_unload(void)
{
	if (aspace_current())
		aspace_switch(NULL, pt_kernel_root());
}
