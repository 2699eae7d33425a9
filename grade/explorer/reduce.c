/*
 * reduce.c - which threads it is enough to try in a state.
 *
 * Two steps that touch different words give the same state in either order, so
 * one order will do.  Of each place where a thread may stop we know the words
 * that it may touch from there on, however it goes on: what was seen in all
 * runs so far, closed over all ways from place to place.  From these sets
 * follow threads that the others cannot disturb before they have moved: a
 * persistent set.  Only its steps are tried.
 *
 * When a run shows a word or a way that was not known, the sets grow and the
 * search begins again; so the last search has used the right ones.
 *
 * A thread and its store buffer are two that move: the buffer's next step is to
 * store, and nothing of that disturbs the thread, which sees its own stores
 * anyway.  What a step touches besides the word it stops at (the tests' own
 * counters, the map of pages) counts like that word.
 */
#include "engine.h"

#define MAX_WORDS	2048
#define MAX_PLACES	4096
#define MAX_WAYS	6

struct set {
	uint64_t	bits[MAX_WORDS / 64];
};

/* Where a thread stops. */
struct place {
	uintptr_t	pc;
	uint32_t	thread;
	uint32_t	kind;
	uint32_t	nr_ways;
	uint32_t	ways[MAX_WAYS];	/* places that come next */
	bool		anywhere;	/* more ways than that */
	struct set	reads, writes;	/* in its own step */
	struct set	hidden_reads, hidden_writes; /* of these, unstopped */
	struct set	may_read, may_write; /* from here on */
};

static struct place places[MAX_PLACES];
static uint32_t nr_places = 1;		/* 0: nowhere */
static uint32_t place_hash[2 * MAX_PLACES];
static uint32_t nr_words = 1;
static uint32_t from;			/* place where the step began */
static bool grown;
static bool given_up;			/* too large, or interrupts */

static bool add(struct set *s, uint32_t word)
{
	uint64_t bit = 1UL << word % 64;
	bool is_new = !(s->bits[word / 64] & bit);

	s->bits[word / 64] |= bit;
	grown |= is_new;
	return is_new;
}

static bool has(const struct set *s, uint32_t word)
{
	return s->bits[word / 64] >> word % 64 & 1;
}

static bool merge(struct set *into, const struct set *s)
{
	uint64_t change = 0;

	for (uint32_t i = 0; i < MAX_WORDS / 64; i++) {
		change |= s->bits[i] & ~into->bits[i];
		into->bits[i] |= s->bits[i];
	}
	return change;
}

void reduce_give_up(void)
{
	need_restart |= !given_up;
	given_up = true;
}

bool reduce_grown(void)
{
	return grown && !given_up;
}

/* The place where @t stands. */
static uint32_t place_of(const struct thread *t)
{
	uint64_t key = (t->op.pc * NR_THREADS + t->id) * OP_IRQS + t->op.kind;
	uint32_t i = (uint32_t)(key * 0x9e3779b97f4a7c15UL >> 51);
	struct place *p;

	for (;; i++) {
		uint32_t *slot = &place_hash[i % (2 * MAX_PLACES)];

		if (!*slot) {
			if (nr_places == MAX_PLACES) {
				reduce_give_up();
				return 0;
			}
			*slot = nr_places++;
			grown = true;
			p = &places[*slot];
			p->pc = t->op.pc;
			p->thread = t->id;
			p->kind = t->op.kind;
			return *slot;
		}
		p = &places[*slot];
		if (p->pc == t->op.pc && p->thread == t->id &&
		    p->kind == t->op.kind)
			return *slot;
	}
}

/* The words of @addr .. @addr + @size, one after the other; 0 ends. */
static uint32_t word_id(uintptr_t addr)
{
	uint16_t *id = memory_id(addr);

	if (!id)
		return 0;
	if (!*id) {
		if (nr_words == MAX_WORDS) {
			reduce_give_up();
			return 0;
		}
		*id = (uint16_t)nr_words++;
	}
	return *id;
}

static void note(uint32_t place, uintptr_t addr, uint32_t size, bool write,
		 bool hidden)
{
	struct place *p = &places[place];

	for (uintptr_t g = addr & ~3UL; g < addr + size; g += GRANULE) {
		uint32_t word = word_id(g);

		if (!word)
			continue;
		add(write ? &p->writes : &p->reads, word);
		if (hidden)
			add(write ? &p->hidden_writes : &p->hidden_reads,
			    word);
	}
}

/* The running thread touches this, in the step that began at `from`. */
void reduce_note(uintptr_t addr, uint32_t size, bool write, bool hidden)
{
	if (current && !given_up)
		note(from, addr, size, write, hidden);
}

void reduce_step_begins(const struct thread *t)
{
	from = place_of(t);
}

/* Call @fn for what the next step of @t touches first. */
static void for_op(const struct thread *t,
		   void (*fn)(uint32_t who, uintptr_t addr, uint32_t size,
			      bool write), uint32_t who)
{
	switch (t->op.kind) {
	case OP_LOAD:
	case OP_SLEEP:
		fn(who, t->op.addr, t->op.size, false);
		break;
	case OP_RMW:
	case OP_LOCK:
		fn(who, t->op.addr, t->op.size, true);
		break;
	case OP_RELAX:
		for (uint32_t i = 0; i < t->nr_seen; i++)
			fn(who, t->seen[i].addr, t->seen[i].size, false);
		break;
	}
}

static void note_op(uint32_t place, uintptr_t addr, uint32_t size, bool write)
{
	note(place, addr, size, write, false);
}

void reduce_step_ends(const struct thread *t)
{
	struct place *p = &places[from];
	uint32_t to;
	uint32_t i;

	if (given_up || t->done)
		return;
	to = place_of(t);
	for_op(t, note_op, to);
	for (i = 0; i < p->nr_ways && p->ways[i] != to; i++)
		;
	if (i < p->nr_ways || p->anywhere)
		return;
	grown = true;
	if (i == MAX_WAYS)
		p->anywhere = true;
	else
		p->ways[p->nr_ways++] = to;
}

/* One round of the closure; true if something changed. */
static bool spread(void)
{
	bool change = false;

	for (uint32_t i = nr_places; i-- > 1; ) {
		struct place *p = &places[i];

		change |= merge(&p->may_read, &p->reads);
		change |= merge(&p->may_write, &p->writes);
		for (uint32_t w = 0; w < p->nr_ways; w++) {
			change |= merge(&p->may_read,
					&places[p->ways[w]].may_read);
			change |= merge(&p->may_write,
					&places[p->ways[w]].may_write);
		}
		for (uint32_t w = 1; p->anywhere && w < nr_places; w++) {
			if (places[w].thread != p->thread)
				continue;
			change |= merge(&p->may_read, &places[w].may_read);
			change |= merge(&p->may_write, &places[w].may_write);
		}
	}
	return change;
}

/* What may be touched from each place, by all that is known now. */
void reduce_update(void)
{
	if (given_up)
		return;
	while (spread())
		;
	grown = false;
}

/* --- a persistent set ----------------------------------------------------- */

#define BUFFER(i)	(NR_THREADS + (i))	/* of thread i: it moves too */

static uint32_t at[NR_THREADS];		/* where they stand, in this state */
static uint32_t needed;

static bool buffer_has(const struct thread *t, uintptr_t addr, uint32_t size)
{
	for (uint32_t i = 0; i < t->nr_stores; i++) {
		const struct store *s = &t->stores[i];

		if ((s->addr & ~3UL) < addr + size &&
		    (addr & ~3UL) < s->addr + s->size)
			return true;
	}
	return false;
}

/* Who may yet disturb @who, which is about to touch this? */
static void need_word(uint32_t who, uint32_t word, bool write)
{
	for (uint32_t j = 0; j < nr_threads; j++) {
		if (j == who || threads[j].done || !word)
			continue;
		if (has(&places[at[j]].may_write, word) ||
		    (write && has(&places[at[j]].may_read, word)))
			needed |= 1U << j;
	}
}

static void need(uint32_t who, uintptr_t addr, uint32_t size, bool write)
{
	for (uint32_t j = 0; j < nr_threads; j++) {
		if (j != who && buffer_has(&threads[j], addr, size))
			needed |= 1U << BUFFER(j);
	}
	for (uintptr_t g = addr & ~3UL; g < addr + size; g += GRANULE)
		need_word(who, word_id(g), write);
}

/* What the step touches without stopping there. */
static void need_hidden(uint32_t who)
{
	const struct place *p = &places[at[who]];

	for (uint32_t i = 0; i < MAX_WORDS / 64; i++) {
		uint64_t bits = p->hidden_reads.bits[i] |
				p->hidden_writes.bits[i];

		for (; bits; bits &= bits - 1) {
			uint32_t word = i * 64 +
					(uint32_t)__builtin_ctzl(bits);

			need_word(who, word, has(&p->hidden_writes, word));
		}
	}
}

/* Who must be in the set because @who is. */
static uint32_t needs(uint32_t who)
{
	const struct thread *t = &threads[who % NR_THREADS];

	needed = 0;
	if (who < NR_THREADS) {
		for_op(t, need, who);
		need_hidden(who);
		if (t->nr_stores && !op_enabled(t))
			needed |= 1U << BUFFER(who);
		return needed;
	}
	for (uint32_t i = 0; i < t->nr_stores && (!i || mode_pso); i++)
		need(t->id, t->stores[i].addr, t->stores[i].size, true);
	/* In compiler order a later store of the thread may come first. */
	if (mode_pso)
		needed |= 1U << t->id;
	return needed;
}

static uint32_t step_mover(struct step s)
{
	return s.kind == STEP_DRAIN ? BUFFER(s.thread) : s.thread;
}

/* Of all @n enabled @steps, bring those to the front that are enough to be
 * tried; how many. */
uint32_t reduce_steps(struct step *steps, uint32_t n)
{
	uint32_t known[2 * NR_THREADS] = { 0 };
	uint32_t done = 0, best = 0, best_size = n, front = 0;

	if (given_up || n < 2)
		return n;
	for (uint32_t i = 0; i < nr_threads; i++)
		at[i] = threads[i].done ? 0 : place_of(&threads[i]);
	for (uint32_t i = 0; i < n && best_size > 1; i++) {
		uint32_t set = 1U << step_mover(steps[i]);
		uint32_t todo = set;
		uint32_t size = 0;

		while (todo) {
			uint32_t who = (uint32_t)__builtin_ctz(todo);

			todo &= todo - 1;
			if (!(done >> who & 1))
				known[who] = needs(who);
			done |= 1U << who;
			todo |= known[who] & ~set;
			set |= known[who];
		}
		for (uint32_t k = 0; k < n; k++)
			size += set >> step_mover(steps[k]) & 1;
		if (size < best_size) {
			best_size = size;
			best = set;
		}
	}
	if (best_size == n)
		return n;
	for (uint32_t i = 0; i < n; i++) {
		struct step s = steps[i];

		if (!(best >> step_mover(s) & 1))
			continue;
		steps[i] = steps[front];
		steps[front++] = s;
	}
	return front;
}
