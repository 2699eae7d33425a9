/*
 * kstack.c - stacks of the kernel.
 *
 * From KMAP_BASE up, each slot is a hole as long as a stack, and the stack.
 * A slot is mapped when it is first needed and stays mapped, so cores never
 * have to forget a translation.  Free stacks are chained through their lowest
 * words.
 */
#include "mm/kstack.h"

#include "arch/x86/paging.h"
#include "lib/panic.h"
#include "mm/page.h"
#include "sync/spinlock.h"

#define SLOT_SIZE	(2 * KSTACK_SIZE)

static struct spinlock kstack_lock = SPINLOCK_INIT("kstack", RANK_KMEM);

/* kstack_lock: */
static uintptr_t free_stacks;		/* top of the first, or 0 */
static uintptr_t mapped_end = KMAP_BASE;	/* slots below are complete */
static uintptr_t pages_end = KMAP_BASE + KSTACK_SIZE;	/* pages below are
						 * mapped, in the next slot */

/* The word that chains the free stack with that @top to the next. */
static uintptr_t *stack_link(uintptr_t top)
{
	return (uintptr_t *)(top - KSTACK_SIZE);
}

/*
 * Map the pages of one more stack.  If memory runs out half-way, the next try
 * goes on from there.
 */
static uintptr_t stack_map_locked(void)
{
	uintptr_t top = mapped_end + SLOT_SIZE;
	void *page;

	assert(spin_held(&kstack_lock));
	for (; pages_end < top; pages_end += PAGE_SIZE) {
		page = page_alloc(0);
		if (!page)
			return 0;
		if (pt_map_kernel(pages_end, va_to_pa(page), PROT_WRITE)) {
			page_free(page, 0);
			return 0;
		}
	}
	mapped_end = top;
	pages_end = top + KSTACK_SIZE;
	return top;
}

uintptr_t kstack_alloc(void)
{
	uint64_t flags = spin_lock_irqsave(&kstack_lock);
	uintptr_t top = free_stacks;

	if (top)
		free_stacks = *stack_link(top);
	else
		top = stack_map_locked();
	spin_unlock_irqrestore(&kstack_lock, flags);
	return top;
}

void kstack_free(uintptr_t top)
{
	uint64_t flags = spin_lock_irqsave(&kstack_lock);

	assert(top > KMAP_BASE && top <= mapped_end && top % SLOT_SIZE == 0);
	*stack_link(top) = free_stacks;
	free_stacks = top;
	spin_unlock_irqrestore(&kstack_lock, flags);
}

bool kstack_is_guard(uintptr_t va)
{
	return va >= KMAP_BASE && va < KMAP_BASE + KMAP_SIZE &&
	       va % SLOT_SIZE < KSTACK_SIZE;
}
