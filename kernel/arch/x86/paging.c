/*
 * paging.c - four levels of tables with 512 entries each.
 *
 * The only file that knows what the bits of an entry mean.  A table is a page
 * of the page allocator and is reached through the direct map.  The processor
 * reads entries while we write them, so each is written once, whole.
 */
#include "arch/x86/paging.h"

#include "abi/errno.h"
#include "arch/x86/x86.h"
#include "lib/panic.h"
#include "lib/string.h"
#include "mm/page.h"
#include "sync/atomic.h"

#define PTE_PRESENT	(1UL << 0)
#define PTE_WRITE	(1UL << 1)
#define PTE_USER	(1UL << 2)
#define PTE_ACCESSED	(1UL << 5)	/* set at once: nobody asks, and then */
#define PTE_DIRTY	(1UL << 6)	/* the processor need not do it */
#define PTE_LARGE	(1UL << 7)
#define PTE_GLOBAL	(1UL << 8)	/* stays when another root is loaded */
#define PTE_RETIRED	(1UL << 9)	/* ours, with PTE_PRESENT clear */
#define PTE_NX		(1UL << 63)
#define PTE_ADDR	0x000ffffffffff000UL

#define ENTRIES		512
#define LEAF		1		/* level of entries for 4 KiB pages */
#define ROOT		4

#define LARGE_SIZE	(2UL << 20)
#define DIRECT_LOW	(4UL << 30)	/* mapped whatever lies there */

/* Bounds of the image's sections, from boot/kernel.ld. */
extern char text_start[], text_end[], rodata_start[], rodata_end[];
extern char data_start[], data_end[];

static paddr_t kernel_root;

/* What one entry of @level covers. */
static uintptr_t level_size(unsigned int level)
{
	return PAGE_SIZE << 9 * (level - LEAF);
}

static uint64_t *table_of(uint64_t entry)
{
	return pa_to_va(entry & PTE_ADDR);
}

static uint64_t *entry_in(uint64_t *table, uintptr_t va, unsigned int level)
{
	return &table[va / level_size(level) % ENTRIES];
}

/*
 * The entry of @va at *level in the tables at @root; or, where tables are
 * missing, the entry that should point to the first missing one, and *level
 * is that entry's.
 */
static uint64_t *walk(paddr_t root, uintptr_t va, unsigned int *level)
{
	uint64_t *entry = entry_in(pa_to_va(root), va, ROOT);
	unsigned int at = ROOT;

	while (at > *level && *entry & PTE_PRESENT)
		entry = entry_in(table_of(*entry), va, --at);
	*level = at;
	return entry;
}

/* The same with missing tables made; NULL if memory is out. */
static uint64_t *walk_create(paddr_t root, uintptr_t va, unsigned int level,
			     uint64_t table_bits)
{
	unsigned int at = level;
	uint64_t *entry = walk(root, va, &at);
	void *table;

	while (at > level) {
		table = page_alloc_zeroed(0);
		if (!table)
			return NULL;
		/* The zeros before the pointer to them: the processor may
		 * follow it at once.  x86 keeps the order of stores. */
		compiler_barrier();
		write_once(*entry, va_to_pa(table) | table_bits);
		entry = entry_in(table, va, --at);
	}
	return entry;
}

static uint64_t prot_bits(unsigned int prot)
{
	return PTE_PRESENT | PTE_ACCESSED |
	       (prot & PROT_WRITE ? PTE_WRITE | PTE_DIRTY : 0) |
	       (prot & PROT_EXEC ? 0 : PTE_NX);
}

static int map(paddr_t root, uintptr_t va, paddr_t pa, uint64_t bits,
	       uint64_t table_bits)
{
	uint64_t *entry = walk_create(root, va, LEAF, table_bits);

	if (!entry)
		return -ENOMEM;
	assert(!*entry);
	write_once(*entry, pa | bits);
	return 0;
}

int pt_map_kernel(uintptr_t va, paddr_t pa, unsigned int prot)
{
	return map(kernel_root, va, pa, prot_bits(prot) | PTE_GLOBAL,
		   PTE_PRESENT | PTE_WRITE);
}

/* Map all RAM, and whatever else lies in the first 4 GiB. */
static void map_direct(paddr_t ram_end)
{
	paddr_t end = ram_end > DIRECT_LOW ? ram_end : DIRECT_LOW;
	uint64_t *entry;

	for (paddr_t pa = 0; pa < end; pa += LARGE_SIZE) {
		entry = walk_create(kernel_root, (uintptr_t)pa_to_va(pa),
				    LEAF + 1, PTE_PRESENT | PTE_WRITE);
		if (!entry)
			panic("no memory for the direct map");
		*entry = pa | prot_bits(PROT_WRITE) | PTE_LARGE | PTE_GLOBAL;
	}
}

static void map_section(char *start, char *end, unsigned int prot)
{
	assert((uintptr_t)start % PAGE_SIZE == 0);
	for (char *va = start; va < end; va += PAGE_SIZE)
		if (pt_map_kernel((uintptr_t)va, va_to_pa(va), prot))
			panic("no memory for the kernel's page tables");
}

void paging_init(const struct bootinfo *bi)
{
	kernel_root = va_to_pa(page_alloc_zeroed(0));
	map_direct(bi->ram_end);
	map_section(text_start, text_end, PROT_EXEC);
	map_section(rodata_start, rodata_end, PROT_READ);
	map_section(data_start, data_end, PROT_WRITE);
	/* Roots made later copy the upper half of this one, so the entry for
	 * KMAP_BASE has to be there from the beginning. */
	if (!walk_create(kernel_root, KMAP_BASE, ROOT - 1,
			 PTE_PRESENT | PTE_WRITE))
		panic("no memory for the kernel's page tables");
	pt_load(kernel_root);
}

paddr_t pt_kernel_root(void)
{
	return kernel_root;
}

paddr_t pt_create(void)
{
	uint64_t *root = page_alloc_zeroed(0);
	uint64_t *kernel = pa_to_va(kernel_root);

	if (!root)
		return 0;
	memcpy(root + ENTRIES / 2, kernel + ENTRIES / 2, PAGE_SIZE / 2);
	return va_to_pa(root);
}

/* Free what the first @n entries of @table point to. */
static void free_tables(uint64_t *table, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (table[i] & PTE_PRESENT)
			page_free(table_of(table[i]), 0);
}

void pt_destroy(paddr_t root)
{
	uint64_t *l4 = pa_to_va(root);

	assert(root != kernel_root);
	for (unsigned int i = 0; i < ENTRIES / 2; i++) {
		uint64_t *l3 = table_of(l4[i]);

		if (!(l4[i] & PTE_PRESENT))
			continue;
		for (unsigned int j = 0; j < ENTRIES; j++)
			if (l3[j] & PTE_PRESENT)
				free_tables(table_of(l3[j]), ENTRIES);
		free_tables(l3, ENTRIES);
	}
	free_tables(l4, ENTRIES / 2);
	page_free(l4, 0);
}

int pt_map(paddr_t root, uintptr_t va, paddr_t pa, unsigned int prot)
{
	assert(va < USER_TOP && prot);
	return map(root, va, pa, prot_bits(prot) | PTE_USER,
		   PTE_PRESENT | PTE_WRITE | PTE_USER);
}

unsigned int pt_tables_missing(paddr_t root, uintptr_t va)
{
	unsigned int level = LEAF;

	walk(root, va, &level);
	return level - LEAF;
}

bool pt_lookup(paddr_t root, uintptr_t va, paddr_t *pa, unsigned int *prot)
{
	unsigned int level = LEAF;
	uint64_t entry = *walk(root, va, &level);

	if (level > LEAF || !(entry & PTE_PRESENT))
		return false;
	if (pa)
		*pa = entry & PTE_ADDR;
	if (prot)
		*prot = PROT_READ | (entry & PTE_WRITE ? PROT_WRITE : 0) |
			(entry & PTE_NX ? 0 : PROT_EXEC);
	return true;
}

/*
 * The first leaf entry at or after *va, below @end, in which @bit is set;
 * *va becomes its address.  NULL if there is none, or if *looks, one for each
 * entry looked at, came to 0 on the way.
 */
static uint64_t *next_leaf(paddr_t root, uintptr_t *va, uintptr_t end,
			   uint64_t bit, unsigned int *looks)
{
	unsigned int level;
	uint64_t *entry;

	while (*va < end && *looks) {
		--*looks;
		level = LEAF;
		entry = walk(root, *va, &level);
		if (level == LEAF && *entry & bit)
			return entry;
		/* On to the next entry of the level at which this one ended:
		 * a missing table is skipped in one step. */
		*va = (*va | (level_size(level) - 1)) + 1;
	}
	return NULL;
}

uint64_t pt_retire(paddr_t root, uintptr_t *va, uintptr_t end,
		   unsigned int looks)
{
	uint64_t nr = 0;
	uint64_t *entry;

	while ((entry = next_leaf(root, va, end, PTE_PRESENT, &looks))) {
		write_once(*entry, (*entry & PTE_ADDR) | PTE_RETIRED);
		*va += PAGE_SIZE;
		nr++;
	}
	return nr;
}

paddr_t pt_reap(paddr_t root, uintptr_t *va, uintptr_t end,
		unsigned int *looks)
{
	uint64_t *entry = next_leaf(root, va, end, PTE_RETIRED, looks);
	paddr_t pa;

	if (!entry)
		return 0;
	pa = *entry & PTE_ADDR;
	write_once(*entry, 0);
	*va += PAGE_SIZE;
	return pa;
}

void pt_load(paddr_t root)
{
	write_cr3(root);
}

void pt_flush_page(uintptr_t va)
{
	invlpg((void *)va);
}

void pt_flush_all(void)
{
	write_cr3(read_cr3());
}
