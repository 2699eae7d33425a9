/*
 * engine.c - one step of one thread, and the memory that it sees.
 *
 * Threads are coroutines.  Shared memory is what all cores agree on; while a
 * thread runs, the stores that only it can see yet are laid over memory, so
 * that compiled code simply reads its own view, and they are taken away again
 * when it stops.  A store is put into the thread's buffer at its next hook,
 * when its bytes are there to be read; that it reaches memory is a step.
 *
 * Only words that two threads use, and one of them writes, make steps.  Which
 * those are is found out: when a new one turns up, the search begins again.
 * A word that is only used under one lock is nobody else's meanwhile.  Such
 * words are written at once; every change of shared memory goes through
 * commit(), which keeps a log to take it back and a hash of all memory.
 */
#include "engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_REGIONS	12

/* What is known of one granule. */
struct word {
	uint16_t	readers;	/* threads; interrupts are others */
	uint16_t	writers;
	uint32_t	unlocked;	/* locks that somebody did without */
	uint16_t	id;		/* see reduce.c */
	bool		shared;
	bool		ignored;	/* not in the state either */
	bool		ghost;		/* the test's own: no step */
};

struct region {
	const char	*name;
	uintptr_t	base;
	size_t		size;
	struct word	*words;
	uint8_t		*copy;		/* for check_memory() */
};

struct undo {
	uintptr_t	addr;
	uint32_t	old;
};

struct thread threads[NR_THREADS];
uint32_t nr_threads;
struct thread *current;
uint64_t hook_arg[2];
bool mode_pso, mode_race, mode_trace, need_restart;
volatile uint64_t nr_steps;
volatile bool engine_busy;
struct failure failure;
sigjmp_buf engine_jmp;

static struct thread direct;		/* setup and check */
static struct region regions[MAX_REGIONS];
static uint32_t nr_regions;
static struct undo *undo_log;
static size_t nr_undo, max_undo;
static uint64_t mem_hash[2];
static uint64_t engine_sp;
static uint32_t step_nr;

struct event *events;
uint32_t nr_events;
static uint32_t max_events;

extern const char __executable_start[], _end[];

/* --- failures ------------------------------------------------------------- */

static __attribute__((noinline)) void
vfail(const char *kind, uintptr_t pc, const char *fmt, va_list ap)
{
	if (failure.set)
		return;
	failure.set = true;
	snprintf(failure.kind, sizeof(failure.kind), "%s", kind);
	vsnprintf(failure.text, sizeof(failure.text), fmt, ap);
	failure.pc = pc;
	failure.thread = current ? current->id : NR_THREADS;
}

void fail(const char *kind, uintptr_t pc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfail(kind, pc, fmt, ap);
	va_end(ap);
}

void fail_here(const char *kind, uintptr_t pc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfail(kind, pc, fmt, ap);
	va_end(ap);
	siglongjmp(engine_jmp, 1);
}

/* --- memory --------------------------------------------------------------- */

void region_add(const char *name, void *base, size_t size)
{
	struct region *r = &regions[nr_regions++];

	size = (size + 7) & ~7UL;
	*r = (struct region){ name, (uintptr_t)base, size };
	r->words = calloc(size / GRANULE + 1, sizeof(struct word));
	r->copy = malloc(size);
	memcpy(r->copy, base, size);
}

static struct region *region_of(uintptr_t addr)
{
	for (uint32_t i = 0; i < nr_regions; i++) {
		if (addr - regions[i].base < regions[i].size)
			return &regions[i];
	}
	return NULL;
}

bool region_has(uintptr_t addr, size_t size)
{
	struct region *r = region_of(addr);

	return r && addr + size <= r->base + r->size;
}

static struct word *word_of(uintptr_t addr)
{
	struct region *r = region_of(addr);

	return r ? &r->words[(addr - r->base) / GRANULE] : NULL;
}

void memory_ignore(uintptr_t addr, size_t size)
{
	for (size_t at = 0; at < size; at += GRANULE)
		word_of(addr + at)->ignored = true;
}

uint16_t *memory_id(uintptr_t addr)
{
	struct word *w = word_of(addr);

	return w && !w->ignored ? &w->id : NULL;
}

/* Of the state, but using it is no step and orders nothing. */
void xp_ghost(const void *p, size_t size)
{
	for (size_t at = 0; at < size; at += GRANULE)
		word_of((uintptr_t)p + at)->ghost = true;
}

/* Words found shared so far, for the replay of a schedule in another run. */
void memory_words(void *file, bool load)
{
	unsigned long addr;

	if (load) {
		while (fscanf(file, "%lx", &addr) == 1)
			if (word_of(addr))
				word_of(addr)->shared = true;
		return;
	}
	for (uint32_t i = 0; i < nr_regions; i++) {
		for (size_t w = 0; w < regions[i].size / GRANULE; w++) {
			if (regions[i].words[w].shared)
				fprintf(file, "%lx\n",
					regions[i].base + w * GRANULE);
		}
	}
}

static uint64_t mix(uint64_t x)
{
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93UL;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93UL;
	return x ^ x >> 32;
}

static void mem_rehash(uintptr_t addr, uint32_t old, uint32_t new)
{
	uint64_t a = (uint64_t)addr << 20;

	mem_hash[0] ^= mix(a * 3 + old) ^ mix(a * 3 + new);
	mem_hash[1] ^= mix(a * 5 + 0x9e3779b97f4a7c15UL - old) ^
		       mix(a * 5 + 0x9e3779b97f4a7c15UL - new);
}

static void granule_changed(uintptr_t addr, uint32_t old)
{
	struct region *r = region_of(addr);
	struct word *word = &r->words[(addr - r->base) / GRANULE];
	uint32_t new = *(uint32_t *)addr;

	if (old == new)
		return;
	if (nr_undo == max_undo) {
		max_undo = max_undo ? 2 * max_undo : 1 << 16;
		undo_log = realloc(undo_log, max_undo * sizeof(*undo_log));
	}
	undo_log[nr_undo++] = (struct undo){ addr, old };
	*(uint32_t *)(r->copy + (addr - r->base)) = new;
	if (!word->ignored)
		mem_rehash(addr, old, new);
}

/* The @size bytes at @addr were @old and are new already. */
void commit_done(uintptr_t addr, const void *old, uint32_t size)
{
	const uint8_t *bytes = old;
	uintptr_t end = addr + size;

	for (uintptr_t g = addr & ~3UL; g < end; g += GRANULE) {
		uint32_t word = *(uint32_t *)g;

		for (uint32_t i = 0; i < GRANULE; i++) {
			if (g + i >= addr && g + i < end)
				((uint8_t *)&word)[i] = bytes[g + i - addr];
		}
		granule_changed(g, word);
	}
}

void commit(uintptr_t addr, const void *val, uint32_t size)
{
	uint8_t old[MAX_STORE];

	memcpy(old, (void *)addr, size);
	memcpy((void *)addr, val, size);
	commit_done(addr, old, size);
}

size_t undo_mark(void)
{
	return nr_undo;
}

void undo_to(size_t mark)
{
	while (nr_undo > mark) {
		struct undo u = undo_log[--nr_undo];
		struct region *r = region_of(u.addr);

		if (!r->words[(u.addr - r->base) / GRANULE].ignored)
			mem_rehash(u.addr, *(uint32_t *)u.addr, u.old);
		*(uint32_t *)u.addr = u.old;
		*(uint32_t *)(r->copy + (u.addr - r->base)) = u.old;
	}
}

/* Has something been written that no hook saw?  Between steps only. */
void check_memory(void)
{
	for (uint32_t i = 0; i < nr_regions; i++) {
		struct region *r = &regions[i];

		if (!memcmp((void *)r->base, r->copy, r->size))
			continue;
		for (size_t at = 0; at < r->size; at++) {
			if (*(uint8_t *)(r->base + at) != r->copy[at])
				fail("engine", 0, "unseen store to %s+0x%zx",
				     r->name, at);
		}
	}
}

uint64_t read_mem(uintptr_t addr, uint32_t size)
{
	uint64_t val = 0;

	memcpy(&val, (void *)addr, size < 8 ? size : 8);
	return val;
}

bool is_private(uintptr_t addr)
{
	if (!current)
		return false;
	return addr - (uintptr_t)current->stack < STACK_SIZE;
}

/* Part of the program that nobody writes? */
static bool is_constant(uintptr_t addr)
{
	return addr - (uintptr_t)__executable_start <
	       (uintptr_t)_end - (uintptr_t)__executable_start;
}

/* May the code under test touch this?  False: it is no business of ours. */
static bool check_access(uintptr_t addr, uint32_t size, uintptr_t pc)
{
	if (region_has(addr, size)) {
		if (!page_is_live(addr, size))
			fail_here("memory", pc, "use of a free page at %#lx",
				  addr);
		return true;
	}
	if (!current || is_constant(addr))
		return false;
	if (addr < 4096)
		fail_here("memory", pc, "access through a null pointer (%#lx)",
			  addr);
	if (addr - STACKS_VA < NR_THREADS * 2 * STACK_SIZE)
		fail_here("memory", pc, "access to another thread's stack");
	fail_here("memory", pc, "wild access at %#lx", addr);
}

/* Note who uses what; may find that a word is shared. */
static void note_access(uintptr_t addr, uint32_t size, bool write)
{
	uint16_t me = 1 << (current->id + (current->in_irq ? 8 : 0));

	for (uintptr_t g = addr & ~3UL; g < addr + size; g += GRANULE) {
		struct word *w = word_of(g);
		uint16_t users;

		if (write)
			w->writers |= me;
		else
			w->readers |= me;
		reduce_note(g, 1, write, w->ghost);
		users = w->readers | w->writers;
		w->unlocked |= ~current->locks;
		if (w->shared || w->ignored || w->ghost || !w->writers ||
		    !(users & (users - 1)) || ~w->unlocked)
			continue;
		w->shared = true;
		need_restart = true;
	}
}

/* Locks by number, as they are first taken. */
uint32_t lock_bit(uintptr_t lock)
{
	static uintptr_t known[32];
	uint32_t i;

	for (i = 0; i < 31 && known[i] && known[i] != lock; i++)
		;
	known[i] = lock;
	return 1U << i;
}

static bool is_shared(uintptr_t addr, uint32_t size)
{
	for (uintptr_t g = addr & ~3UL; g < addr + size; g += GRANULE) {
		if (word_of(g)->shared)
			return true;
	}
	return false;
}

/* The stubs' own words are shared by what they are. */
void mark_shared(uintptr_t addr)
{
	if (current)
		word_of(addr)->shared = true;
}

static bool is_ignored(uintptr_t addr)
{
	struct word *w = word_of(addr);

	return w && (w->ignored || w->ghost);
}

/* A statistic stands still while threads run: its value would otherwise be in
 * registers and on stacks, and every state a new one. */
static bool is_frozen(uintptr_t addr)
{
	struct word *w = word_of(addr);

	return w && w->ignored;
}

/* --- the view of a thread ------------------------------------------------- */

static void copy_small(uintptr_t to, uint64_t val, uint32_t size)
{
	switch (size) {
	case 8:
		*(uint64_t *)to = val;
		break;
	case 4:
		*(uint32_t *)to = (uint32_t)val;
		break;
	default:
		memcpy((void *)to, &val, size);
	}
}

static void overlay_apply(struct thread *t)
{
	for (uint32_t i = 0; i < t->nr_stores; i++) {
		struct store *s = &t->stores[i];

		s->old = read_mem(s->addr, s->size);
		copy_small(s->addr, s->val, s->size);
	}
}

static void overlay_remove(struct thread *t)
{
	for (uint32_t i = t->nr_stores; i-- > 0; ) {
		struct store *s = &t->stores[i];

		copy_small(s->addr, s->old, s->size);
		s->old = 0;
	}
}

/* A word as @t sees it, while it does not run. */
static uint64_t view(const struct thread *t, uintptr_t addr, uint32_t size)
{
	uint8_t bytes[8] = { 0 };
	uint64_t val;

	memcpy(bytes, (void *)addr, size);
	for (uint32_t i = 0; i < t->nr_stores; i++) {
		const struct store *s = &t->stores[i];

		for (uint32_t b = 0; b < s->size; b++) {
			if (s->addr + b - addr < size)
				bytes[s->addr + b - addr] =
					((const uint8_t *)&s->val)[b];
		}
	}
	memcpy(&val, bytes, 8);
	return val;
}

/* Is entry @i kept from overtaking @j < @i?  Only asked in compiler order. */
static bool stores_ordered(const struct store *j, const struct store *i)
{
	uintptr_t jg = j->addr & ~3UL, ig = i->addr & ~3UL;

	if (j->epoch != i->epoch || (j->marked && i->marked))
		return true;
	return jg < i->addr + i->size && ig < j->addr + j->size;
}

static bool may_drain(const struct thread *t, uint32_t i)
{
	for (uint32_t j = 0; j < i; j++) {
		if (!mode_pso || stores_ordered(&t->stores[j], &t->stores[i]))
			return false;
	}
	return true;
}

/* --- events for the story ------------------------------------------------- */

/* For a breakpoint: another line of the story. */
static __attribute__((noinline)) void story_line(void)
{
	__asm__ volatile("");
}

void record(const char *what, uintptr_t addr, uint32_t size, uint64_t val,
	    uint64_t old, uintptr_t pc)
{
	if (!mode_trace || !current || current == &direct)
		return;
	if (nr_events == max_events) {
		max_events = max_events ? 2 * max_events : 1024;
		events = realloc(events, max_events * sizeof(*events));
	}
	events[nr_events++] = (struct event){
		step_nr, current->id, what, addr, size, val, old, pc, 0
	};
	story_line();
}

/* --- hooks ---------------------------------------------------------------- */

static struct thread *me(void)
{
	return current ? current : &direct;
}

static void push_store(struct thread *t, uintptr_t addr, uint32_t size,
		       const uint8_t *old)
{
	struct store *s = &t->stores[t->nr_stores++];

	*s = (struct store){
		.addr = addr, .size = size, .pc = t->pending.pc,
		.marked = t->pending.marked, .epoch = t->epoch,
		.val = read_mem(addr, size),
	};
	memcpy(&s->old, old, size);
	record("store", addr, size, s->val, 0, s->pc);
	s->seq = nr_events;
}

/* The store whose hook came last has been done: buffer it. */
void settle(void)
{
	struct thread *t = me();
	struct pending *p = &t->pending;
	uint32_t left = p->size;
	uint32_t at = 0;

	p->size = 0;
	p->merged = false;
	while (at < left) {
		uintptr_t addr = p->addr + at;
		uint32_t n = 8 - (addr & 7);

		if (n > left - at)
			n = left - at;
		if (current && is_frozen(addr))
			memcpy((void *)addr, p->old + at, n);
		else if (current && is_shared(addr, n) && !is_ignored(addr))
			push_store(t, addr, n, p->old + at);
		else
			commit_done(addr, p->old + at, n);
		at += n;
	}
}

/* Stop here; the thread goes on when the search chooses it again. */
static void yield(struct op op, struct frame *f)
{
	struct thread *t = current;

	memcpy(op.arg, hook_arg, sizeof(hook_arg));
	memset(hook_arg, 0, sizeof(hook_arg));
	for (;;) {
		struct pending open;
		uint32_t locks;

		t->op = op;
		t->frame = f;
		coro_switch(&t->sp, engine_sp);
		if (!t->deliver)
			return;
		t->deliver = false;
		open = t->pending;
		locks = t->locks;
		t->locks = 0;
		t->pending.size = 0;
		t->in_irq = t->irqs_off = true;
		record("irq", 0, 0, 0, 0, f->pc);
		t->irq_fn();
		settle();
		record("iret", 0, 0, 0, 0, f->pc);
		t->in_irq = t->irqs_off = false;
		t->pending = open;
		t->locks = locks;
		memcpy(t->pending.old, (void *)open.addr, open.size);
		if (op.kind == OP_HALT)
			return;
	}
}

void hook_op(uint32_t kind, uintptr_t addr, uint32_t size, struct frame *f)
{
	settle();
	if (current)
		yield((struct op){ kind, size, addr, f->pc, { 0 } }, f);
}

/*
 * gcc announces a struct copy as a store, then a load, and then copies: the
 * store is not done yet if its target has not changed.
 */
static bool store_is_open(const struct pending *p, uint32_t size)
{
	return p->size == size && !p->marked &&
	       !memcmp(p->old, (void *)p->addr, size);
}

static void remember_load(struct thread *t, uintptr_t addr, uint32_t size)
{
	struct seen s = { addr, read_mem(addr, size), size < 8 ? size : 8 };
	uint32_t i;

	for (i = 0; i < t->nr_seen; i++) {
		if (t->seen[i].addr == addr)
			break;
	}
	if (i == NR_SEEN) {
		memmove(&t->seen[0], &t->seen[1],
			sizeof(t->seen) - sizeof(t->seen[0]));
		i--;
	}
	t->seen[i] = s;
	if (i == t->nr_seen)
		t->nr_seen++;
}

void hook_load(uintptr_t addr, uint32_t size, bool marked, struct frame *f)
{
	struct thread *t = me();

	if (marked || !store_is_open(&t->pending, size))
		settle();
	if (is_private(addr) || !check_access(addr, size, f->pc) || !current)
		return;
	note_access(addr, size, false);
	if (!is_shared(addr, size) || is_ignored(addr))
		return;
	yield((struct op){ OP_LOAD, size, addr, f->pc, { 0 } }, f);
	if (!page_is_live(addr, size))
		fail_here("memory", f->pc, "use of a free page at %#lx", addr);
	if (t->pending.size)
		memcpy(t->pending.old, (void *)t->pending.addr,
		       t->pending.size);
	remember_load(t, addr, size);
	if (mode_race) {
		race_access(addr, size, marked, false, f->pc);
		if (marked)
			race_acquire_load(addr, size);
	}
	record("load", addr, size, read_mem(addr, size), 0, f->pc);
}

/* Have room in the buffer for @size bytes at @addr. */
void hook_room(uintptr_t addr, uint32_t size, struct frame *f)
{
	uint32_t n = size / 8 + 2;

	settle();
	if (!current || is_private(addr) || !region_has(addr, size) ||
	    !is_shared(addr, size) || current->nr_stores + n <= NR_STORES)
		return;
	hook_arg[0] = addr;
	yield((struct op){ OP_ROOM, n, 0, f->pc, { 0 } }, f);
}

void hook_store(uintptr_t addr, uint32_t size, bool marked, struct frame *f)
{
	struct thread *t = me();

	settle();
	if (is_private(addr) || !check_access(addr, size, f->pc))
		return;
	if (size > MAX_STORE)
		fail_here("engine", f->pc, "store of %u bytes", size);
	if (current) {
		note_access(addr, size, true);
		if (is_shared(addr, size) && !is_ignored(addr)) {
			hook_room(addr, size, f);
			if (mode_race)
				race_access(addr, size, marked, true, f->pc);
			if (mode_race && marked)
				race_release_store(addr, size);
		}
	}
	t->pending.addr = addr;
	t->pending.size = size;
	t->pending.marked = marked;
	t->pending.pc = f->pc;
	memcpy(t->pending.old, (void *)addr, size);
}

/* memcpy() to @dst, by pieces that the buffer can hold. */
void hook_copy(uintptr_t dst, const void *src, uint32_t size, struct frame *f)
{
	while (size) {
		uint32_t n = size < 64 ? size : 64;

		if (is_private(dst)) {
			memcpy((void *)dst, src, size);
			return;
		}
		hook_store(dst, n, false, f);
		memmove((void *)dst, src, n);
		settle();
		dst += n;
		src = (const char *)src + n;
		size -= n;
	}
}

/* memset().  clang may announce a store into the same struct before it, and do
 * that store afterwards: then the whole is one store that is not done yet. */
void hook_fill(uintptr_t dst, int c, size_t size, struct frame *f)
{
	struct pending *p = &me()->pending;

	if (is_private(dst)) {
		memset((void *)dst, c, size);
		return;
	}
	if (p->size && size <= MAX_STORE && p->addr - dst < size &&
	    !memcmp(p->old, (void *)p->addr, p->size))
		p->size = 0;
	while (size) {
		uint32_t n = size < MAX_STORE ? (uint32_t)size : MAX_STORE;

		hook_store(dst, n, false, f);
		memset((void *)dst, c, n);
		dst += n;
		size -= n;
	}
}

void hook_barrier(bool acquire, bool release, struct frame *f)
{
	settle();
	if (!current)
		return;
	if (release)
		current->epoch++;
	if (mode_race)
		race_barrier(acquire, release);
}

void hook_fence(struct frame *f)
{
	settle();
	if (!current)
		return;
	current->epoch++;
	if (mode_race)
		race_barrier(true, true);
	if (current->nr_stores) {
		yield((struct op){ OP_FENCE, 0, 0, f->pc, { 0 } }, f);
		record("fence", 0, 0, 0, 0, f->pc);
	} else {
		record("fence", 0, 0, 1, 0, f->pc);
	}
}

bool hook_rmw_begin(uintptr_t addr, uint32_t size, bool relaxed,
		    struct frame *f)
{
	settle();
	if (!is_private(addr))
		check_access(addr, size, f->pc);
	if (!current)
		return false;
	if (relaxed && !is_private(addr))
		memory_ignore(addr, size);
	if (is_private(addr))
		return false;
	note_access(addr, size, true);
	if (is_ignored(addr))
		return false;
	current->epoch++;
	if (is_shared(addr, size) || current->nr_stores) {
		yield((struct op){ OP_RMW, size, addr, f->pc, { 0 } }, f);
		if (!page_is_live(addr, size))
			fail_here("memory", f->pc, "use of a free page at %#lx",
				  addr);
	}
	if (mode_race) {
		race_access(addr, size, true, true, f->pc);
		race_barrier(true, true);
		race_rmw(addr, size);
	}
	return true;
}

void hook_rmw_end(uintptr_t addr, uint32_t size, bool real, uint64_t old,
		  uint64_t val, struct frame *f)
{
	if (is_private(addr)) {
		copy_small(addr, val, size);
		return;
	}
	if (current && is_frozen(addr))
		return;
	commit(addr, &val, size);
	if (real) {
		record("locked", addr, size, val, old, f->pc);
		remember_load(current, addr, size);
	}
}

/* --- steps ---------------------------------------------------------------- */

static bool relax_over(const struct thread *t)
{
	/* Words that nobody shares are not remembered: they never change. */
	for (uint32_t i = 0; i < t->nr_seen; i++) {
		const struct seen *s = &t->seen[i];

		if (view(t, s->addr, s->size) != s->val)
			return true;
	}
	return false;
}

bool op_enabled(const struct thread *t)
{
	switch (t->op.kind) {
	case OP_RMW:
	case OP_FENCE:
		return !t->nr_stores;
	case OP_LOCK:
		return !t->nr_stores && !*(uint32_t *)t->op.addr;
	case OP_RELAX:
		return relax_over(t);
	case OP_SLEEP:
		return !t->nr_stores && *(uint32_t *)t->op.addr;
	case OP_HALT:
		return false;
	case OP_ROOM:
		return t->nr_stores + t->op.size <= NR_STORES;
	}
	return true;
}

static bool irq_ready(const struct thread *t);

uint32_t steps_enabled(struct step *steps, uint32_t max)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < nr_threads; i++) {
		struct thread *t = &threads[i];

		if (!t->done && op_enabled(t)) {
			uint32_t ways = t->op.kind == OP_CHOOSE ? t->op.size
								: 1;

			for (uint32_t w = 0; w < ways && n < max; w++)
				steps[n++] = (struct step){ STEP_RUN, i, w };
		}
		if (irq_ready(t) && n < max)
			steps[n++] = (struct step){ STEP_IRQ, i, 0 };
		for (uint32_t s = 0; s < t->nr_stores && n < max; s++) {
			if (may_drain(t, s))
				steps[n++] = (struct step){ STEP_DRAIN, i, s };
			else if (!mode_pso)
				break;
		}
	}
	return n;
}

/* Interrupts wait here, one word a core; part of the state. */
extern uint32_t xp_irqs[NR_THREADS];

static bool irq_ready(const struct thread *t)
{
	return t->irq_fn && !t->done && !t->irqs_off && xp_irqs[t->core] &&
	       t->op.kind != OP_START &&
	       (t->op.kind != OP_HALT || !t->nr_stores);
}

static void hash_bytes(uint64_t h[2], const void *p, size_t size)
{
	const uint64_t *w = p;

	for (size_t i = 0; i < size / 8; i++) {
		h[0] = (h[0] ^ w[i]) * 0x9fb21c651e98df25UL;
		h[0] ^= h[0] >> 29;
		h[1] = (h[1] + w[i]) * 0xd6e8feb86659fd93UL;
		h[1] ^= h[1] >> 31;
	}
}

static void hash_stores(uint64_t h[2], const struct thread *t)
{
	for (uint32_t i = 0; i < t->nr_stores; i++) {
		const struct store *s = &t->stores[i];
		uint64_t key[3] = { s->addr, s->val, s->size };

		/* Only which barriers lie between them counts. */
		if (mode_pso)
			key[2] |= (uint64_t)s->marked << 8 |
				  (uint64_t)(t->epoch - s->epoch) << 16;
		hash_bytes(h, key, sizeof(key));
	}
}

static void thread_rehash(struct thread *t)
{
	uint64_t *h = t->hash;
	uint64_t key[6] = { t->op.kind, t->op.addr,
			    t->op.size | (uint64_t)t->nr_stores << 32,
			    t->done | t->irqs_off << 1 | t->in_irq << 2 |
			    (uint64_t)t->pending.size << 8,
			    t->op.arg[0], t->op.arg[1] };
	uint8_t *top = t->stack + STACK_SIZE;

	h[0] = h[1] = t->id + 1;
	hash_bytes(h, key, sizeof(key));
	hash_stores(h, t);
	if (t->op.kind == OP_RELAX) {
		for (uint32_t i = 0; i < t->nr_seen; i++)
			hash_bytes(h, &t->seen[i], 16);
	}
	if (!t->done && t->op.kind != OP_START)
		hash_bytes(h, t->frame, (size_t)(top - (uint8_t *)t->frame));
}

void state_hash(uint64_t hash[2])
{
	hash[0] = mem_hash[0];
	hash[1] = mem_hash[1];
	for (uint32_t i = 0; i < nr_threads; i++) {
		hash[0] += mix(threads[i].hash[0]);
		hash[1] += mix(threads[i].hash[1]);
	}
}

/* The first C of a coroutine. */
void coro_main(void)
{
	current->fn(current->arg);
	settle();
	current->done = true;
	current->op = (struct op){ 0 };
	coro_switch(&current->sp, engine_sp);
}

/* Make @t begin at the top of its stack. */
static void thread_begin(struct thread *t)
{
	uint64_t *top = (uint64_t *)(t->stack + STACK_SIZE);

	*--top = 0;
	*--top = 0;
	*--top = (uint64_t)coro_entry;
	for (int i = 0; i < 6; i++)
		*--top = 0;
	t->sp = (uint64_t)top;
	t->frame = (struct frame *)top;
	t->op = (struct op){ OP_START, 0, 0, (uintptr_t)t->fn, { 0 } };
	t->restart = false;
	t->locks = 0;
	t->in_irq = false;
	t->irqs_off = false;
}

static void thread_run(struct thread *t)
{
	overlay_apply(t);
	if (t->pending.size)
		memcpy(t->pending.old, (void *)t->pending.addr,
		       t->pending.size);
	reduce_step_begins(t);
	current = t;
	engine_busy = true;
	coro_switch(&engine_sp, t->sp);
	engine_busy = false;
	current = NULL;
	overlay_remove(t);
	if (t->restart)
		thread_begin(t);
	reduce_step_ends(t);
}

static void drain(struct thread *t, uint32_t i)
{
	struct store s = t->stores[i];

	commit(s.addr, &s.val, s.size);
	t->nr_stores--;
	memmove(&t->stores[i], &t->stores[i + 1],
		(t->nr_stores - i) * sizeof(s));
	if (mode_trace) {
		current = t;
		record("drain", s.addr, s.size, s.val, 0, s.pc);
		current = NULL;
		if (nr_events)
			events[nr_events - 1].seq = s.seq;
	}
}

void step_do(struct step s)
{
	struct thread *t = &threads[s.thread];

	nr_steps++;
	step_nr++;
	if (s.kind == STEP_DRAIN) {
		drain(t, s.alt);
	} else {
		for (uint32_t i = 0; i < t->nr_stores; i++)
			t->stores[i].held = true;
		t->choice = s.alt;
		t->deliver = s.kind == STEP_IRQ;
		if (t->deliver) {
			uint32_t rest = xp_irqs[t->core] - 1;

			commit((uintptr_t)&xp_irqs[t->core], &rest,
			       sizeof(rest));
		}
		thread_run(t);
	}
	thread_rehash(t);
}

/* All threads at their beginning, memory as setup left it. */
void threads_start(void)
{
	/* A failure may have left a thread in mid-step. */
	if (current) {
		struct thread *t = current;

		if (t->pending.size)
			memcpy((void *)t->pending.addr, t->pending.old,
			       t->pending.size);
		overlay_remove(t);
		current = NULL;
	}
	if (direct.pending.size)
		settle();
	engine_busy = false;
	undo_to(0);
	step_nr = 0;
	nr_events = 0;
	for (uint32_t i = 0; i < nr_threads; i++) {
		struct thread *t = &threads[i];

		t->nr_stores = t->epoch = t->nr_seen = t->nr_fetched = 0;
		t->pending.size = 0;
		t->done = t->deliver = t->fetching = false;
		if (t->irq_fn)
			reduce_give_up();
		thread_begin(t);
		thread_rehash(t);
	}
}

static size_t head_size(const struct thread *t)
{
	return offsetof(struct thread, pending.old) + t->pending.size;
}

/* What a step of @t may change, besides memory. */
size_t thread_size(const struct thread *t)
{
	return head_size(t) + (size_t)(t->stack + STACK_SIZE - t->sp);
}

void thread_copy(void *dst, const struct thread *t)
{
	size_t head = head_size(t);

	memcpy(dst, t, head);
	memcpy((char *)dst + head, (void *)t->sp, thread_size(t) - head);
}

void thread_restore(struct thread *t, const void *src)
{
	size_t head = head_size(src);

	memcpy(t, src, head);
	memcpy((void *)t->sp, (const char *)src + head,
	       thread_size(t) - head);
}

/* Setup is over: this is the memory that every run begins with. */
void memory_init(void)
{
	settle();
	nr_undo = 0;
	mem_hash[0] = mem_hash[1] = 0;
	for (uint32_t i = 0; i < nr_regions; i++)
		memcpy(regions[i].copy, (void *)regions[i].base,
		       regions[i].size);
}

const char *op_name(const struct thread *t)
{
	static const char *const names[] = {
		[OP_START] = "has not begun", [OP_LOAD] = "reads",
		[OP_RMW] = "is about to lock and change",
		[OP_FENCE] = "fences", [OP_LOCK] = "waits for the lock",
		[OP_RELAX] = "spins", [OP_SLEEP] = "sleeps",
		[OP_HALT] = "halts", [OP_CHOOSE] = "chooses",
		[OP_ROOM] = "stores", [OP_IRQS] = "turns interrupts on or off",
	};

	return t->done ? "is done" : names[t->op.kind];
}
