/*
 * shootdown.c - make all cores forget translations that are no longer true.
 *
 * Processors cache page table entries and are never told when one changes.
 * Every change that takes something away counts a generation up; a core that
 * empties its cache notes the generation that it saw before.  Whoever changed
 * a table waits until all who use it have seen that generation.
 *
 * [tlb-gen]  Seen means forgotten.
 *
 *   tlb_shootdown()                tlb_forget(), on another core
 *   entry cleared                  gen = tlb_gen
 *   tlb_gen++    (locked)          empty the cache  (serializing)
 *   tlb_seen >= gen?               tlb_seen = gen
 *
 * The generation is read before the cache is emptied.  The other way round, an
 * entry cached again between the two would count as forgotten.
 *
 * [tlb-load]  A core that begins to use the table, or one that we interrupt.
 *
 *   tlb_shootdown()                aspace_switch(), on another core
 *   entry cleared                  aspace = as
 *   tlb_gen++    (locked)          nr_loaded++  (locked)
 *   aspace == as? interrupt        tlb_load(): gen = tlb_gen
 *   tlb_seen >= gen?               load the root, which empties the cache
 *                                  tlb_seen = gen
 *
 * If we do not see it use the table, its walks see the entry cleared, and it
 * sees our generation.  It must say so, for while we wait for another core we
 * do see it use the table, and nobody has interrupted it.
 */
#include "mm/shootdown.h"

#include "arch/x86/apic.h"
#include "arch/x86/irq.h"
#include "arch/x86/paging.h"
#include "arch/x86/vectors.h"
#include "lib/panic.h"
#include "mm/aspace.h"
#include "sync/atomic.h"
#include "sync/percore.h"

/* Up to here, forgetting page by page costs less than starting afresh. */
#define FLUSH_PAGES	8

/* Changes so far that took something away from some table. */
static uint64_t tlb_gen;

/* Forget all user translations, if there are changes we have not seen. */
static void tlb_forget(void)
{
	uint64_t flags = irq_save();	/* or a nested call would set tlb_seen,
					 * and we set it back */
	struct percore *pc = percore();
	/* The generation before the cache is emptied.  Pairs with
	 * atomic_fetch_add64() in mm/shootdown.c:tlb_shootdown() [tlb-gen]. */
	uint64_t gen = load_acquire(&tlb_gen);

	if (gen != pc->tlb_seen) {
		pt_flush_all();
		/* The cache is empty before we say so.  Pairs with
		 * load_acquire() in mm/shootdown.c:tlb_answered() [tlb-gen]. */
		store_release(&pc->tlb_seen, gen);
	}
	irq_restore(flags);
}

void tlb_load(paddr_t root)
{
	struct percore *pc = percore();
	/* The generation before the cache is emptied.  Pairs with
	 * atomic_fetch_add64() in mm/shootdown.c:tlb_shootdown() [tlb-gen]. */
	uint64_t gen = load_acquire(&tlb_gen);

	pt_load(root);
	/* The cache is empty before we say so.  Pairs with load_acquire() in
	 * mm/shootdown.c:tlb_answered() [tlb-gen]. */
	store_release(&pc->tlb_seen, gen);
}

void tlb_interrupt(void)
{
	tlb_forget();
}

/*
 * Forget [start, end) here, for generation @gen.  If that is the only one that
 * we have not seen and the range is short, nothing else need go.
 */
static void tlb_forget_range(uint64_t gen, uintptr_t start, uintptr_t end)
{
	uint64_t flags = irq_save();
	struct percore *pc = percore();

	if (pc->tlb_seen + 1 == gen &&
	    end - start <= FLUSH_PAGES * PAGE_SIZE) {
		for (uintptr_t va = start; va < end; va += PAGE_SIZE)
			pt_flush_page(va);
		pc->tlb_seen = gen;
	} else {
		tlb_forget();
	}
	irq_restore(flags);
}

/* Has @pc forgotten, or does it not use @as any more? */
static bool tlb_answered(struct percore *pc, struct aspace *as, uint64_t gen)
{
	/* Its cache is empty before we reuse pages.  Pairs with
	 * store_release() in mm/shootdown.c:tlb_forget() [tlb-gen]; pairs with
	 * store_release() in mm/shootdown.c:tlb_load() [tlb-gen]. */
	return load_acquire(&pc->tlb_seen) >= gen ||
	       read_once(pc->aspace) != as;
}

void tlb_shootdown(struct aspace *as, uintptr_t start, uintptr_t end)
{
	uint64_t gen;

	assert(!percore()->locks);
	/* Entries cleared before we look who uses them.  Pairs with
	 * atomic_fetch_add32() in mm/aspace.c:aspace_switch() [tlb-load]; pairs
	 * with load_acquire() in mm/shootdown.c:tlb_forget() [tlb-gen]; pairs
	 * with load_acquire() in mm/shootdown.c:tlb_load() [tlb-gen]. */
	gen = atomic_fetch_add64(&tlb_gen, 1) + 1;
	tlb_forget_range(gen, start, end);
	for (uint32_t i = 0; i < core_count(); i++)
		if (!tlb_answered(percore_of(i), as, gen))
			apic_send_ipi(percore_of(i)->apicid, VEC_TLB);
	for (uint32_t i = 0; i < core_count(); i++) {
		while (!tlb_answered(percore_of(i), as, gen)) {
			tlb_forget();	/* it may wait for us likewise */
			cpu_relax();
		}
	}
}
