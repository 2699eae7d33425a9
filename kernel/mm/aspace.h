/*
 * aspace.h - address spaces: what user memory there is, and its limit.
 *
 * All functions work on any address space, loaded here or not, and take its
 * lock themselves.  Errors are -EINVAL for addresses that are no user's or
 * not on a page, and those named below.
 *
 * Context, unless said otherwise: any but NMI and interrupt handlers; no lock
 * above RANK_UCQ held.
 */
#pragma once

#include "abi/syscall.h"
#include "mm/layout.h"
#include "mm/region.h"
#include "sync/spinlock.h"

/* Where aspace_map_anon() looks for room: the highest below this. */
#define MMAP_TOP	0x00007e0000000000UL

struct aspace {
	/* Fixed at creation. */
	paddr_t		root;		/* of its page tables */
	uint64_t	max_pages;

	/* lock: */
	struct spinlock	lock;
	struct region_list regions;
	uint64_t	nr_pages;	/* of user memory, that are there */
	uint64_t	nr_tables;	/* pages of page tables; they stay */
	uint32_t	next_ticket;	/* for regions that are leaving */

	/* Atomic: cores that have it loaded [tlb-load]. */
	uint32_t	nr_loaded;
};

/* An empty one that may grow to @max_pages, its page tables included.  NULL:
 * no memory. */
struct aspace *aspace_create(uint64_t max_pages);

/* Free it and its pages.  Context: no core has it loaded, or will. */
void aspace_destroy(struct aspace *as);

/*
 * Reserve zeroed memory of @len bytes, rounded up to pages, at *va, or where
 * there is room if that is 0; *va is then where.  Pages come when they are
 * first touched.  With @prot 0 none ever does.
 *
 * -EEXIST: something is there.  -ENOMEM.  -EACCES: writable and executable.
 */
int aspace_map_anon(struct aspace *as, uintptr_t *va, size_t len,
		    unsigned int prot);

/* Keep @len bytes at @va free of everything.  Errors as above. */
int aspace_map_guard(struct aspace *as, uintptr_t va, size_t len);

/*
 * Let the user see the kernel's pages at @kva, in the direct map, at @va.
 * They stay the caller's, are not counted, and cannot be unmapped.  After an
 * error, @as is good for aspace_destroy() only.  Errors as above.
 */
int aspace_map_kernel(struct aspace *as, uintptr_t va, void *kva, size_t len,
		      unsigned int prot);

/*
 * Make one page of zeroed, writable memory that is there at once; *va is
 * where.  -ENOMEM: past the limit, or none left.
 */
int aspace_map_page_now(struct aspace *as, uintptr_t *va);

/*
 * Take away whatever there is in @len bytes at @va, rounded up to pages, and
 * free it when no core can reach it any more.  -EPERM: pages of the kernel's
 * are among it; -ENOMEM: cuts a region in two, and there are too many.
 *
 * Context: kernel thread, no locks: waits for other cores.
 */
int aspace_unmap(struct aspace *as, uintptr_t va, size_t len);

/*
 * Somebody wants to make an @access of kind PROT_READ, PROT_WRITE or PROT_EXEC
 * at @va: bring the page in.  0 if the access will now succeed; -EFAULT if it
 * is not allowed; -ENOMEM past the limit, or when memory is out.
 */
int aspace_fault(struct aspace *as, uintptr_t va, unsigned int access);

/* May user code write all @len bytes at @va?  True only until it unmaps. */
bool aspace_is_writable(struct aspace *as, uintptr_t va, size_t len);

/* Fill user memory, writable or not, from @src.  -EFAULT, -ENOMEM. */
int aspace_write(struct aspace *as, uintptr_t va, const void *src, size_t len);

/* Pages that count against the limit, now. */
uint64_t aspace_pages(struct aspace *as);

/*
 * Use @as on this core; use no user memory here; what is in use here, or NULL.
 * Whoever loads @as keeps it from being destroyed until it is unloaded.
 *
 * Context: any but NMI.
 */
void aspace_load(struct aspace *as);
void aspace_unload(void);
struct aspace *aspace_current(void);
