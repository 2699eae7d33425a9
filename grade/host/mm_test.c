/*
 * mm_test.c - the kernel's memory layer as a program on the host.
 *
 * The sources are the kernel's; stub/ supplies the machine: RAM is an array,
 * an interrupt to another core is a call, locks only know whether they are
 * held.  Each test is random with a fixed seed, and compares with a model that
 * is too simple to be wrong.  Prints the name of each test that passed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/errno.h"
#include "arch/x86/apic.h"
#include "arch/x86/paging.h"
#include "arch/x86/x86.h"
#include "lib/panic.h"
#include "mm/aspace.h"
#include "mm/kmalloc.h"
#include "mm/page.h"
#include "mm/shootdown.h"
#include "sync/percore.h"

#define MIB		(1UL << 20)
#define RAM_SIZE	(64 * MIB)
#define NR_FRAMES	(RAM_SIZE / PAGE_SIZE)
#define NR_CORES	3

/* --- The machine that the kernel's sources ask for. */

char *ram;
uint64_t cr3;
unsigned int nr_cr3_writes;
char text_start[1], text_end[1], rodata_start[1], rodata_end[1];
char data_start[1], data_end[1];

static struct percore cores[NR_CORES];
static uint32_t turn;
static unsigned int nr_ipis;
static unsigned int nr_turns;		/* with some lock */
static struct aspace *loads_late;	/* core 0 does, as another is poked */
static jmp_buf *panic_wanted;

struct percore *percore(void)
{
	return &cores[turn];
}

struct percore *percore_of(uint32_t coreid)
{
	return &cores[coreid];
}

uint32_t core_count(void)
{
	return NR_CORES;
}

void apic_send_ipi(uint32_t apicid, uint8_t vector)
{
	uint32_t sender = turn;

	nr_ipis++;
	turn = apicid;
	tlb_interrupt();
	if (loads_late) {
		turn = 0;
		aspace_load(loads_late);
		loads_late = NULL;
	}
	turn = sender;
}

void panic(const char *fmt, ...)
{
	va_list args;

	if (panic_wanted)
		longjmp(*panic_wanted, 1);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

void printk(const char *fmt, ...)
{
}

void spin_init(struct spinlock *lock, const char *name, enum lock_rank rank)
{
	lock->holder = 0;
}

bool spin_held(struct spinlock *lock)
{
	return lock->holder;
}

uint64_t spin_lock_irqsave(struct spinlock *lock)
{
	assert(!lock->holder);
	lock->holder = 1;
	percore()->locks++;
	nr_turns++;
	return 0;
}

void spin_unlock_irqrestore(struct spinlock *lock, uint64_t flags)
{
	lock->holder = 0;
	percore()->locks--;
}

/* Does @fn(@arg) panic? */
static bool panics(void (*fn)(void *arg), void *arg)
{
	jmp_buf here;

	panic_wanted = &here;
	if (!setjmp(here)) {
		fn(arg);
		panic_wanted = NULL;
		return false;
	}
	panic_wanted = NULL;
	return true;
}

/* --- Pages. */

#define MAX_BLOCKS	4096

static struct block {
	char		*va;
	size_t		size;		/* an order, or bytes */
} blocks[MAX_BLOCKS];
static unsigned int nr_blocks;
static bool taken[NR_FRAMES];

static void mark_block(const struct block *b, bool now)
{
	uint64_t frame = va_to_pa(b->va) / PAGE_SIZE;

	for (uint64_t i = 0; i < 1UL << b->size; i++) {
		assert(taken[frame + i] != now);
		taken[frame + i] = now;
	}
}

/* Remove a random block from the table. */
static struct block pick_block(void)
{
	unsigned int i = (unsigned int)rand() % nr_blocks;
	struct block b = blocks[i];

	blocks[i] = blocks[--nr_blocks];
	return b;
}

static void free_one(void *va)
{
	page_free(va, 0);
}

static void test_pages(void)
{
	uint64_t all = page_free_count();
	struct block b;

	assert(all == page_total_count());
	for (int i = 0; i < 100000; i++) {
		if (rand() % 2 && nr_blocks < MAX_BLOCKS) {
			b.size = (size_t)rand() % (rand() % 50 ? 4 : 11);
			b.va = page_alloc((unsigned int)b.size);
			if (!b.va)
				continue;
			assert(va_to_pa(b.va) % (PAGE_SIZE << b.size) == 0);
			mark_block(&b, true);
			memset(b.va, 0xaa, PAGE_SIZE << b.size);
			blocks[nr_blocks++] = b;
		} else if (nr_blocks) {
			b = pick_block();
			mark_block(&b, false);
			page_free(b.va, (unsigned int)b.size);
		}
	}
	while (nr_blocks) {
		b = pick_block();
		page_free(b.va, (unsigned int)b.size);
	}
	assert(page_free_count() == all);
}

static void test_page_misuse(void)
{
	char *page = page_alloc(0);

	page_free(page, 0);
	assert(panics(free_one, page));
}

/* --- Small objects. */

static bool filled_with(const struct block *b, int byte)
{
	for (size_t i = 0; i < b->size; i++)
		if (b->va[i] != (char)byte)
			return false;
	return true;
}

static void test_kmalloc(void)
{
	uint64_t all = page_free_count();
	struct block b;

	for (int i = 0; i < 200000; i++) {
		if (rand() % 2 && nr_blocks < MAX_BLOCKS) {
			b.size = (size_t)rand() % (rand() % 99 ? 2100 : 20000);
			b.va = kmalloc(b.size);
			assert(b.va && (uintptr_t)b.va % 16 == 0);
			memset(b.va, (int)(b.size & 0x7f), b.size);
			blocks[nr_blocks++] = b;
		} else if (nr_blocks) {
			b = pick_block();
			assert(filled_with(&b, (int)(b.size & 0x7f)));
			kfree(b.va);
		}
	}
	while (nr_blocks)
		kfree(pick_block().va);
	/* Each class may keep one slab for the next time. */
	assert(all - page_free_count() <= 15);
}

/* --- Address spaces. */

#define WINDOW		0x40000000UL
#define WINDOW_PAGES	512

/* What the model knows of a page: nothing there, or its protection. */
static unsigned int model[WINDOW_PAGES];

static void model_map(struct aspace *as, unsigned int at, unsigned int n)
{
	unsigned int prot = PROT_READ | (rand() % 2 ? PROT_WRITE : 0);
	uintptr_t va = WINDOW + at * PAGE_SIZE;
	int expected = 0;

	for (unsigned int i = at; i < at + n; i++)
		if (model[i])
			expected = -EEXIST;
	assert(aspace_map_anon(as, &va, n * PAGE_SIZE, prot) == expected);
	for (unsigned int i = at; i < at + n && !expected; i++)
		model[i] = prot;
}

static void model_unmap(struct aspace *as, unsigned int at, unsigned int n)
{
	assert(!aspace_unmap(as, WINDOW + at * PAGE_SIZE, n * PAGE_SIZE));
	for (unsigned int i = at; i < at + n; i++) {
		model[i] = 0;
		assert(!pt_lookup(as->root, WINDOW + i * PAGE_SIZE, NULL, NULL));
	}
}

static void model_look(struct aspace *as, unsigned int at, unsigned int n)
{
	uintptr_t va = WINDOW + at * PAGE_SIZE;
	bool writable = true;

	assert(!aspace_fault(as, va, PROT_WRITE) ==
	       !!(model[at] & PROT_WRITE));
	assert(!aspace_fault(as, va, PROT_READ) == !!model[at]);
	assert(aspace_fault(as, va, PROT_EXEC) == -EFAULT);
	for (unsigned int i = at; i < at + n; i++)
		writable &= !!(model[i] & PROT_WRITE);
	assert(aspace_is_writable(as, va, n * PAGE_SIZE) == writable);
}

static void test_regions(void)
{
	struct aspace *as = aspace_create(10000);
	uint64_t all = page_free_count();

	aspace_load(as);
	for (int i = 0; i < 100000; i++) {
		unsigned int at = (unsigned int)rand() % WINDOW_PAGES;
		unsigned int n = 1 + (unsigned int)rand() % 16;

		if (at + n > WINDOW_PAGES)
			n = WINDOW_PAGES - at;
		if (rand() % 3 == 0)
			model_unmap(as, at, n);
		else if (rand() % 2)
			model_map(as, at, n);
		else
			model_look(as, at, n);
	}
	model_unmap(as, 0, WINDOW_PAGES);
	assert(!as->regions.nr && !as->nr_pages);
	aspace_unload();
	aspace_destroy(as);
	assert(page_free_count() >= all);
}

static void test_placement(void)
{
	struct aspace *as = aspace_create(1000);
	uintptr_t a = 0, b = 0, c = 0;

	assert(!aspace_map_anon(as, &a, 2 * PAGE_SIZE, PROT_WRITE));
	assert(a == MMAP_TOP - 2 * PAGE_SIZE);
	assert(!aspace_map_page_now(as, &b));
	assert(b == a - PAGE_SIZE && as->regions.nr == 1);
	assert(pt_lookup(as->root, b, NULL, NULL));
	assert(!aspace_unmap(as, a, PAGE_SIZE) && as->regions.nr == 2);
	assert(!aspace_map_anon(as, &c, 1, PROT_WRITE));
	assert(c == a && as->regions.nr == 1);
	aspace_destroy(as);
}

static void test_refusals(void)
{
	struct aspace *as = aspace_create(1000);
	void *window = page_alloc(0);
	uintptr_t va = 0;

	assert(aspace_map_anon(as, &va, 0, PROT_READ) == -EINVAL);
	assert(aspace_map_anon(as, &va, -1UL, PROT_READ) == -EINVAL);
	assert(aspace_map_anon(as, &va, MMAP_TOP, PROT_READ) == -ENOMEM);
	assert(aspace_map_anon(as, &va, 1, PROT_WRITE | PROT_EXEC) == -EACCES);
	va = 1;
	assert(aspace_map_anon(as, &va, 1, PROT_READ) == -EINVAL);
	va = USER_TOP;
	assert(aspace_map_anon(as, &va, 1, PROT_READ) == -EINVAL);
	assert(!aspace_map_kernel(as, PROCDATA_VA, window, PAGE_SIZE,
				  PROT_READ | PROT_WRITE));
	assert(aspace_is_writable(as, PROCDATA_VA, PAGE_SIZE));
	assert(aspace_unmap(as, USER_LOW, USER_TOP - USER_LOW) == -EPERM);
	assert(!aspace_is_writable(as, -1UL, 2));
	aspace_destroy(as);
	page_free(window, 0);
}

/* One page in each GiB, unmapped again: the tables count, and stay. */
static void test_limit(void)
{
	struct aspace *as = aspace_create(50);
	uint64_t all = page_free_count();
	uintptr_t va;
	int err = 0;

	for (unsigned long i = 0; i < 100 && !err; i++) {
		va = 0x10000000000UL + i * (1UL << 30);
		assert(!aspace_map_anon(as, &va, 1, PROT_READ));
		err = aspace_fault(as, va, PROT_READ);
		assert(!aspace_unmap(as, va, PAGE_SIZE));
	}
	assert(err == -ENOMEM && aspace_pages(as) <= 50);
	assert(all - page_free_count() <= 50);
	aspace_destroy(as);
}

/* Every second page unmapped: refused at some point, and undone by one call. */
static void test_fragments(void)
{
	struct aspace *as = aspace_create(1000);
	size_t len = 4 * MAX_REGIONS * PAGE_SIZE;
	uintptr_t va = 0;
	int err = 0;

	assert(!aspace_map_anon(as, &va, len, PROT_READ));
	for (size_t at = 0; at < len && !err; at += 2 * PAGE_SIZE)
		err = aspace_unmap(as, va + at, PAGE_SIZE);
	assert(err == -ENOMEM && as->regions.nr <= MAX_REGIONS);
	assert(!aspace_unmap(as, va, len) && !as->regions.nr);
	aspace_destroy(as);
}

/* However many tables there are, others have their turn in between: with the
 * lock held, interrupts are off. */
static void test_unmap_turns(void)
{
	const unsigned int nr_tables = 200;
	struct aspace *as = aspace_create(1000);
	uintptr_t va = 0;

	assert(!aspace_map_anon(as, &va, nr_tables * 2 * MIB, PROT_READ));
	for (unsigned int i = 0; i < nr_tables; i++)
		assert(!aspace_fault(as, va + i * 2 * MIB, PROT_READ));
	nr_turns = 0;
	assert(!aspace_unmap(as, va, nr_tables * 2 * MIB));
	assert(nr_turns > 2 * nr_tables && !as->nr_pages);
	aspace_destroy(as);
}

/* Only cores that use the address space are interrupted, and only if there
 * was something to forget. */
static void test_shootdown(void)
{
	struct aspace *as = aspace_create(1000);
	uintptr_t va = 0;

	assert(!aspace_map_anon(as, &va, 3 * PAGE_SIZE, PROT_READ));
	nr_cr3_writes = 0;
	aspace_load(as);
	aspace_load(as);
	turn = 2;
	aspace_load(as);
	turn = 0;
	assert(nr_cr3_writes == 2 && as->nr_loaded == 2);
	nr_ipis = 0;
	assert(!aspace_unmap(as, va, PAGE_SIZE) && !nr_ipis);
	assert(!aspace_fault(as, va + PAGE_SIZE, PROT_READ));
	assert(!aspace_unmap(as, va + PAGE_SIZE, PAGE_SIZE) && nr_ipis == 1);
	turn = 2;
	aspace_unload();
	turn = 0;
	assert(!aspace_fault(as, va + 2 * PAGE_SIZE, PROT_READ));
	assert(!aspace_unmap(as, va + 2 * PAGE_SIZE, PAGE_SIZE));
	assert(nr_ipis == 1);
	aspace_unload();
	aspace_destroy(as);
}

/* A core that begins to use the address space when it has been passed over, and
 * is never interrupted, is not waited for. */
static void test_shootdown_late(void)
{
	struct aspace *as = aspace_create(1000);
	uintptr_t va = 0;

	assert(!aspace_map_anon(as, &va, PAGE_SIZE, PROT_READ));
	assert(!aspace_fault(as, va, PROT_READ));
	for (turn = 1; turn < NR_CORES; turn++)
		aspace_load(as);
	turn = 2;
	loads_late = as;
	nr_ipis = 0;
	assert(!aspace_unmap(as, va, PAGE_SIZE));
	assert(!loads_late && nr_ipis == 1 && as->nr_loaded == 3);
	for (turn = 0; turn < NR_CORES; turn++)
		aspace_unload();
	turn = 0;
	aspace_destroy(as);
}

static void run(const char *name, void (*test)(void))
{
	srand(1);
	test();
	printf("%s\n", name);
	fflush(stdout);
}

int main(void)
{
	static struct bootinfo bi = {
		.nr_free = 2,
		.free = { { 2 * MIB + 3 * PAGE_SIZE, 31 * MIB },
			  { 32 * MIB + 5 * PAGE_SIZE, RAM_SIZE } },
		.ram_end = RAM_SIZE,
	};

	ram = aligned_alloc(4 * MIB, RAM_SIZE);
	for (uint32_t i = 0; i < NR_CORES; i++)
		cores[i].coreid = cores[i].apicid = i;
	page_init(&bi);
	kmalloc_init();
	run("pages", test_pages);
	run("kmalloc", test_kmalloc);
	run("regions", test_regions);
	run("placement", test_placement);
	run("refusals", test_refusals);
	run("limit", test_limit);
	run("fragments", test_fragments);
	run("unmap_turns", test_unmap_turns);
	run("shootdown", test_shootdown);
	run("shootdown_late", test_shootdown_late);
	run("page_misuse", test_page_misuse);	/* leaves a lock held: last */
	return 0;
}
