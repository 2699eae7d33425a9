/*
 * stubs.c - what the code under test calls and the machine would do: locks,
 * user memory, pages, interrupts, sleeping.
 *
 * Uninstrumented: each is one step or a few, made by the calls of engine.h.
 * Each is entered through hooks.S.
 */
#include "engine.h"
#include "explore.h"

#include "abi/errno.h"
#include "abi/proc.h"
#include "lib/lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct spinlock {			/* as kernel/sync/spinlock.h has it */
	uint32_t	holder;
	uint32_t	rank;
	const char	*name;
};

#define ARENA_VA	0x10000000000UL
#define ARENA_PAGES	12

#define PC		(f->pc)

/* Parts of the state: changed through commit() only. */
uint32_t xp_irqs[NR_THREADS];
static struct {
	uint32_t	live;		/* pages in use, a bit each */
	uint32_t	faults;		/* still to come */
} machine __attribute__((aligned(8)));

static uint32_t setup_core;

/* --- threads -------------------------------------------------------------- */

void xp_thread_on(uint32_t core, const char *name, void (*fn)(void *arg),
		  void *arg)
{
	struct thread *t = &threads[nr_threads];

	if (nr_threads == NR_THREADS)
		abort();
	t->id = nr_threads++;
	t->name = name;
	t->fn = fn;
	t->arg = arg;
	t->core = core;
	/* A page between, so that an overrun is seen. */
	t->stack = mmap((void *)(STACKS_VA + t->id * 2 * STACK_SIZE),
			STACK_SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (t->stack == MAP_FAILED)
		abort();
}

void xp_thread(const char *name, void (*fn)(void *arg), void *arg)
{
	xp_thread_on(setup_core++, name, fn, arg);
}

void xp_on_irq(void (*fn)(void))
{
	threads[nr_threads - 1].irq_fn = fn;
}

uint32_t xp_self(void)
{
	return current ? current->id : 0;
}

uint32_t xp_core(void)
{
	return current ? current->core : 0;
}

bool xp_at_end(uint32_t thread)
{
	return threads[thread].done;
}

void xp_fail(const char *kind, const char *fmt, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fail_here(kind, (uintptr_t)__builtin_return_address(0), "%s", text);
}

void panic(const char *fmt, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fail_here("panic", (uintptr_t)__builtin_return_address(0), "%s", text);
}

void printk(const char *fmt, ...)
{
}

/* A function that is not written: there is nothing to explore. */
void lab_stop(const struct lab_todo *todo)
{
	fail_here("todo", (uintptr_t)__builtin_return_address(0),
		  "%s: %s() is yours to write", todo->exercise, todo->function);
}

void lab_reached(const struct lab_todo *todo)
{
	lab_stop(todo);
}

/* Calls are waited for as in the finished library. */
bool lab_events_missing(void)
{
	return false;
}

/* --- waiting -------------------------------------------------------------- */

#define ARGS4	uint64_t b, uint64_t c, uint64_t d, uint64_t e, struct frame *f
#define ARGS5	uint64_t a, ARGS4

void c_cpu_relax(ARGS5)
{
	if (!current)
		fail_here("spins forever", PC, "it is waited for somebody, and "
			  "all others have come to their end");
	hook_op(OP_RELAX, 0, 0, f);
	current->nr_seen = 0;
}

/* A bounded retry looks at words again, which is no double fetch. */
void c_cpu_relax_bounded(ARGS5)
{
	if (current)
		current->nr_fetched = 0;
}

void c_xp_sleep_until(uintptr_t word, ARGS4)
{
	hook_op(OP_SLEEP, word, 4, f);
	record("wake", word, 4, read_mem(word, 4), 0, PC);
	if (mode_race)
		race_rmw(word, 4);
}

uint32_t c_xp_choose(uint64_t n, ARGS4)
{
	hook_op(OP_CHOOSE, 0, (uint32_t)n, f);
	record("choose", 0, 0, current->choice, 0, PC);
	return current->choice;
}

void c_xp_restart(ARGS5)
{
	settle();
	current->restart = true;
	hook_op(OP_START, 0, 0, f);
	__builtin_unreachable();
}

/* Append @code to the @word of them, unless it is there: one locked step. */
void c_xp_push(uintptr_t word, uint64_t code, uint64_t c, uint64_t d,
	       uint64_t e, struct frame *f)
{
	uint32_t old, rest;
	bool real;

	hook_arg[0] = code;
	real = hook_rmw_begin(word, 4, false, f);
	old = *(uint32_t *)word;
	for (rest = old; rest && (rest & 15) != code; rest >>= 4)
		;
	hook_rmw_end(word, 4, real, old, rest ? old : old << 4 | code, f);
}

/* --- locks ---------------------------------------------------------------- */

static uint32_t me_holder(void)
{
	return current ? current->core + 1 : NR_THREADS + 1;
}

void c_spin_lock(struct spinlock *lock, ARGS4)
{
	uint32_t holder = me_holder();

	hook_op(OP_LOCK, (uintptr_t)&lock->holder, 4, f);
	if (current) {
		current->epoch++;
		current->nr_fetched = 0;
		current->locks |= lock_bit((uintptr_t)lock);
	}
	if (mode_race && current)
		race_rmw((uintptr_t)&lock->holder, 4);
	commit((uintptr_t)&lock->holder, &holder, sizeof(holder));
	record("lock", (uintptr_t)&lock->holder, 4, holder, 0, PC);
}

void c_spin_unlock(struct spinlock *lock, ARGS4)
{
	uintptr_t word = (uintptr_t)&lock->holder;

	if (lock->holder != me_holder())
		fail_here("panic", PC, "unlocks %s, which it does not hold",
			  lock->name);
	hook_barrier(false, true, f);
	if (current)
		current->locks &= ~lock_bit((uintptr_t)lock);
	mark_shared(word);
	hook_store(word, 4, true, f);
	*(volatile uint32_t *)word = 0;
	settle();
	record("unlock", word, 4, 0, 0, PC);
}

bool c_spin_held(struct spinlock *lock, ARGS4)
{
	settle();
	return lock->holder == me_holder();
}

uint64_t c_spin_lock_irqsave(struct spinlock *lock, ARGS4)
{
	bool off = current && current->irqs_off;

	if (current)
		current->irqs_off = true;
	c_spin_lock(lock, b, c, d, e, f);
	return off;
}

void c_spin_unlock_irqrestore(struct spinlock *lock, uint64_t flags,
			      uint64_t c, uint64_t d, uint64_t e,
			      struct frame *f)
{
	c_spin_unlock(lock, flags, c, d, e, f);
	if (current)
		current->irqs_off = flags;
}

void spin_init(struct spinlock *lock, const char *name, int rank)
{
	lock->name = name;
	lock->rank = (uint32_t)rank;
}

/* --- interrupts ----------------------------------------------------------- */

bool xp_irqs_on(void)
{
	return !current || !current->irqs_off;
}

void c_xp_irq_off(ARGS5)
{
	settle();
	if (!current || current->irqs_off)
		return;
	/* One may come just before. */
	if (current->irq_fn)
		hook_op(OP_IRQS, 0, 0, f);
	current->irqs_off = true;
}

void c_xp_irq_on(ARGS5)
{
	settle();
	if (!current || !current->irqs_off)
		return;
	current->irqs_off = false;
	if (current->irq_fn)
		hook_op(OP_IRQS, 0, 0, f);
}

void c_xp_halt(ARGS5)
{
	current->irqs_off = false;
	hook_op(OP_HALT, 0, 0, f);
}

void c_xp_post_irq(uint64_t core, ARGS4)
{
	uint32_t n = 1;

	settle();
	reduce_give_up();
	commit((uintptr_t)&xp_irqs[core], &n, sizeof(n));
	record("ipi", 0, 0, core, 0, PC);
}

/* --- pages ---------------------------------------------------------------- */

bool page_is_live(uintptr_t addr, size_t size)
{
	if (addr - ARENA_VA >= ARENA_PAGES * PAGE_SIZE)
		return true;
	reduce_note((uintptr_t)&machine.live, 4, false, true);
	return machine.live & 1U << (addr - ARENA_VA) / PAGE_SIZE;
}

static void set_live(uint32_t live)
{
	reduce_note((uintptr_t)&machine.live, 4, true, true);
	commit((uintptr_t)&machine.live, &live, sizeof(live));
}

uintptr_t c_xp_page_alloc(ARGS5)
{
	static const uint8_t zero[64];
	uint32_t i = (uint32_t)__builtin_ctz(~machine.live);
	uintptr_t page = ARENA_VA + i * PAGE_SIZE;

	settle();
	if (i >= ARENA_PAGES)
		fail_here("engine", PC, "out of pages");
	set_live(machine.live | 1U << i);
	for (size_t at = 0; at < 512; at += sizeof(zero))
		commit(page + at, zero, sizeof(zero));
	record("map", page, 0, 0, 0, PC);
	return page;
}

void c_xp_page_free(uintptr_t page, ARGS4)
{
	uint32_t i = (uint32_t)((page - ARENA_VA) / PAGE_SIZE);

	settle();
	if (page & (PAGE_SIZE - 1) || i >= ARENA_PAGES ||
	    !(machine.live & 1U << i))
		fail_here("memory", PC, "free of %#lx, which is no page in use",
			  page);
	set_live(machine.live & ~(1U << i));
	record("unmap", page, 0, 0, 0, PC);
}

uint32_t xp_pages(void)
{
	return (uint32_t)__builtin_popcount(machine.live);
}

/* --- user memory ---------------------------------------------------------- */

/* Words that the kernel reads again on purpose. */
static struct { uintptr_t addr; size_t size; } refetch[16];
static uint32_t nr_refetch;

void xp_fetch_twice(const void *p, size_t size)
{
	refetch[nr_refetch].addr = (uintptr_t)p;
	refetch[nr_refetch++].size = size;
}

void c_xp_fetch_begin(ARGS5)
{
	if (!current)
		return;
	current->fetching = true;
	current->nr_fetched = 0;
}

void c_xp_fetch_end(ARGS5)
{
	if (current)
		current->fetching = false;
}

static bool may_refetch(uintptr_t word)
{
	for (uint32_t i = 0; i < nr_refetch; i++) {
		if (word - refetch[i].addr < refetch[i].size)
			return true;
	}
	return false;
}

static void note_fetch(uintptr_t addr, size_t size, struct frame *f)
{
	struct thread *t = current;

	if (!t || !t->fetching || t->in_irq)
		return;
	for (uintptr_t w = addr & ~3UL; w < addr + size; w += 4) {
		if (may_refetch(w))
			continue;
		for (uint32_t i = 0; i < t->nr_fetched; i++) {
			if (t->fetched[i] == w)
				fail_here("double fetch", PC,
					  "reads the user word at %#lx a second"
					  " time: it may have changed", w);
		}
		if (t->nr_fetched < NR_FETCHED)
			t->fetched[t->nr_fetched++] = w;
	}
}

/* A locked operation on it begins a new look at the word. */
static void forget_fetch(uintptr_t addr)
{
	struct thread *t = current;

	for (uint32_t i = 0; t && i < t->nr_fetched; i++) {
		if (t->fetched[i] == (addr & ~3UL))
			t->fetched[i] = 0;
	}
}

void xp_may_fault(void)
{
	machine.faults = 1;
}

/* The one fault of the run, now? */
static bool faults_now(struct frame *f)
{
	uint32_t none = 0;

	reduce_note((uintptr_t)&machine.faults, 4, false, true);
	if (!current || !machine.faults)
		return false;
	hook_op(OP_CHOOSE, 0, 2, f);
	if (!current->choice || !machine.faults)
		return false;
	reduce_note((uintptr_t)&machine.faults, 4, true, true);
	commit((uintptr_t)&machine.faults, &none, sizeof(none));
	record("fault", 0, 0, 0, 0, PC);
	return true;
}

/* Does the access fault?  The stack of a test's thread is not user memory. */
static bool faults(uintptr_t addr, size_t size, struct frame *f)
{
	if (faults_now(f))
		return true;
	if (addr < USER_LOW || addr > USER_TOP || size > USER_TOP - addr)
		return true;
	return !region_has(addr, size) || !page_is_live(addr, size);
}

int c_copy_from_user(void *dst, uintptr_t u, size_t n, uint64_t d, uint64_t e,
		     struct frame *f)
{
	uint8_t bytes[256];

	settle();
	if (faults(u, n, f) || n > sizeof(bytes))
		return -EFAULT;
	note_fetch(u, n, f);
	/* One step, where the machine makes several. */
	hook_arg[0] = (uintptr_t)dst;
	hook_arg[1] = n;
	hook_room((uintptr_t)dst, (uint32_t)n, f);
	hook_load(u, (uint32_t)n, true, f);
	memcpy(bytes, (void *)u, n);
	hook_copy((uintptr_t)dst, bytes, (uint32_t)n, f);
	return 0;
}

int c_copy_to_user(uintptr_t u, const void *src, size_t n, uint64_t d,
		   uint64_t e, struct frame *f)
{
	settle();
	if (faults(u, n, f))
		return -EFAULT;
	hook_copy(u, src, (uint32_t)n, f);
	return 0;
}

int c_clear_user(uintptr_t u, size_t n, uint64_t c, uint64_t d, uint64_t e,
		 struct frame *f)
{
	if (faults(u, n, f))
		return -EFAULT;
	hook_fill(u, 0, n, f);
	return 0;
}

#define WORD(bits)							\
	int c_user_load##bits(uintptr_t u, uint##bits##_t *val,		\
			      uint64_t c, uint64_t d, uint64_t e,	\
			      struct frame *f)				\
	{								\
		settle();						\
		if (u % (bits / 8) || faults(u, bits / 8, f))		\
			return -EFAULT;					\
		note_fetch(u, bits / 8, f);				\
		hook_load(u, bits / 8, true, f);			\
		hook_barrier(true, false, f);				\
		*val = *(volatile uint##bits##_t *)u;			\
		return 0;						\
	}								\
	int c_user_store##bits(uintptr_t u, uint64_t val, uint64_t c,	\
			       uint64_t d, uint64_t e, struct frame *f)	\
	{								\
		settle();						\
		if (u % (bits / 8) || faults(u, bits / 8, f))		\
			return -EFAULT;					\
		hook_arg[0] = val;					\
		hook_store(u, bits / 8, true, f);			\
		*(volatile uint##bits##_t *)u = (uint##bits##_t)val;	\
		settle();						\
		return 0;						\
	}								\
	int c_user_store_release##bits(uintptr_t u, uint64_t val,	\
				       uint64_t c, uint64_t d,		\
				       uint64_t e, struct frame *f)	\
	{								\
		hook_barrier(false, true, f);				\
		return c_user_store##bits(u, val, c, d, e, f);		\
	}

#define CHANGE(name, bits, expr)					\
	int c_user_##name##bits(uintptr_t u, uint64_t v,		\
				uint##bits##_t *was, uint64_t d,	\
				uint64_t e, struct frame *f)		\
	{								\
		uint##bits##_t old;					\
		bool real;						\
									\
		settle();						\
		if (u % (bits / 8) || faults(u, bits / 8, f))		\
			return -EFAULT;					\
		hook_arg[0] = v;					\
		real = hook_rmw_begin(u, bits / 8, false, f);		\
		old = *(volatile uint##bits##_t *)u;			\
		forget_fetch(u);					\
		hook_rmw_end(u, bits / 8, real, old,			\
			     (uint##bits##_t)(expr), f);		\
		*was = old;						\
		return 0;						\
	}

#define USER_CAS(bits)							\
	int c_user_cas##bits(uintptr_t u, uint64_t want, uint64_t v,	\
			     bool *done, uint64_t e, struct frame *f)	\
	{								\
		uint##bits##_t old;					\
		bool real;						\
									\
		settle();						\
		if (u % (bits / 8) || faults(u, bits / 8, f))		\
			return -EFAULT;					\
		hook_arg[0] = v;					\
		hook_arg[1] = want;					\
		real = hook_rmw_begin(u, bits / 8, false, f);		\
		old = *(volatile uint##bits##_t *)u;			\
		forget_fetch(u);					\
		*done = old == (uint##bits##_t)want;			\
		hook_rmw_end(u, bits / 8, real, old,			\
			     *done ? (uint##bits##_t)v : old, f);	\
		return 0;						\
	}

WORD(32)
WORD(64)
CHANGE(fetch_add, 32, old + v)
CHANGE(fetch_add, 64, old + v)
CHANGE(fetch_or, 32, old | v)
CHANGE(fetch_or, 64, old | v)
CHANGE(fetch_and, 32, old & v)
CHANGE(swap, 32, v)
CHANGE(swap, 64, v)
USER_CAS(32)
USER_CAS(64)

/* --- names ---------------------------------------------------------------- */

struct name {
	uintptr_t	addr;
	size_t		size;
	char		text[40];
};

static struct name names[400];
static uint32_t nr_names;

void xp_name(const void *p, size_t size, const char *fmt, ...)
{
	struct name *n = &names[nr_names++];
	va_list ap;

	n->addr = (uintptr_t)p;
	n->size = size;
	va_start(ap, fmt);
	vsnprintf(n->text, sizeof(n->text), fmt, ap);
	va_end(ap);
}

/* The name of the word at @addr: of the smallest thing named around it. */
const char *name_of(uintptr_t addr)
{
	static char text[64];
	const struct name *best = NULL;

	for (uint32_t i = 0; i < nr_names; i++) {
		if (addr - names[i].addr < names[i].size &&
		    (!best || names[i].size < best->size))
			best = &names[i];
	}
	if (!best)
		snprintf(text, sizeof(text), "%#lx", addr);
	else if (addr == best->addr)
		return best->text;
	else
		snprintf(text, sizeof(text), "%s+%#lx", best->text,
			 addr - best->addr);
	return text;
}

void xp_ignore(const void *p, size_t size)
{
	memory_ignore((uintptr_t)p, size);
}

/* Map what has a fixed address and tell the engine of all memory. */
void stubs_init(void)
{
	extern char __start_xp_data[], __stop_xp_data[];
	extern char __start_xp_bss[], __stop_xp_bss[];
	static const struct { uintptr_t va; size_t size; const char *name; }
	maps[] = {
		{ ARENA_VA, ARENA_PAGES * PAGE_SIZE, "pages" },
		{ PROCINFO_VA, 16 * PAGE_SIZE, "procinfo" },
		{ PROCDATA_VA, 4 * PAGE_SIZE, "procdata" },
	};

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
		void *at = mmap((void *)maps[i].va, maps[i].size,
				PROT_READ | PROT_WRITE, MAP_PRIVATE |
				MAP_ANONYMOUS | MAP_FIXED, -1, 0);

		if (at == MAP_FAILED)
			abort();
		region_add(maps[i].name, at, maps[i].size);
	}
	region_add("data", __start_xp_data,
		   (size_t)(__stop_xp_data - __start_xp_data));
	region_add("bss", __start_xp_bss,
		   (size_t)(__stop_xp_bss - __start_xp_bss));
	region_add("machine", &machine, sizeof(machine));
	region_add("irqs", xp_irqs, sizeof(xp_irqs));
}
