/*
 * race.c - which accesses are ordered by anything but luck.
 *
 * Vector clocks, in the random modes.  Two accesses to one word by different
 * threads, one of them a store, one of them plain, and neither known to have
 * happened before the other: a race, whatever x86 makes of it, for a compiler
 * may tear, repeat or move a plain access.
 *
 * A marked store announces what came before the last release barrier; a marked
 * load learns of it at the next acquire barrier.  A locked operation is both.
 */
#include "engine.h"

#include <stdlib.h>
#include <string.h>

struct access {
	uint32_t	clock;		/* 0: none */
	bool		marked;
	uintptr_t	pc;
};

struct shadow {
	uintptr_t	granule;
	uint32_t	run;		/* of which the rest is */
	uint32_t	writer;
	struct access	write;
	struct access	read[NR_THREADS];
	uint32_t	released[NR_THREADS];
};

#define NR_SHADOWS	(1 << 14)

static struct shadow *shadows;
static uint32_t run;
static uint32_t now[NR_THREADS][NR_THREADS];	/* what each knows of each */
static uint32_t release[NR_THREADS][NR_THREADS]; /* at its last barrier */
static uint32_t learnt[NR_THREADS][NR_THREADS]; /* not yet acquired */

void race_reset(void)
{
	if (!shadows)
		shadows = calloc(NR_SHADOWS, sizeof(*shadows));
	run++;
	memset(now, 0, sizeof(now));
	memset(release, 0, sizeof(release));
	memset(learnt, 0, sizeof(learnt));
	for (uint32_t i = 0; i < NR_THREADS; i++)
		now[i][i] = 1;
}

static struct shadow *shadow_of(uintptr_t granule)
{
	uint32_t i = (uint32_t)(granule * 0x9e3779b97f4a7c15UL >> 50);
	struct shadow *s;

	while (1) {
		s = &shadows[i++ % NR_SHADOWS];
		if (s->granule == granule || !s->granule)
			break;
	}
	if (s->run != run) {
		memset(s, 0, sizeof(*s));
		s->granule = granule;
		s->run = run;
	}
	return s;
}

static void join(uint32_t *into, const uint32_t *from)
{
	for (uint32_t i = 0; i < NR_THREADS; i++) {
		if (into[i] < from[i])
			into[i] = from[i];
	}
}

static void report(uintptr_t addr, const struct access *other,
		   uint32_t thread, const char *did, bool marked,
		   uintptr_t pc)
{
	failure.pc2 = other->pc;
	fail_here("race", pc,
		  "%s access to %s races with a %s %s of %s: nothing orders "
		  "the two", marked ? "marked" : "plain", name_of(addr),
		  other->marked ? "marked" : "plain", did,
		  threads[thread].name);
}

void race_access(uintptr_t addr, uint32_t size, bool marked, bool write,
		 uintptr_t pc)
{
	uint32_t me = current->id;

	for (uintptr_t g = addr & ~3UL; g < addr + size; g += GRANULE) {
		struct shadow *s = shadow_of(g);

		if (s->write.clock > now[me][s->writer] && s->writer != me &&
		    !(marked && s->write.marked))
			report(addr, &s->write, s->writer, "store", marked,
			       pc);
		for (uint32_t i = 0; write && i < nr_threads; i++) {
			if (i != me && s->read[i].clock > now[me][i] &&
			    !(marked && s->read[i].marked))
				report(addr, &s->read[i], i, "load", marked,
				       pc);
		}
		if (write) {
			s->writer = me;
			s->write = (struct access){ now[me][me], marked, pc };
		} else {
			s->read[me] = (struct access){ now[me][me], marked,
						       pc };
		}
	}
}

void race_barrier(bool acquire, bool release_too)
{
	uint32_t me = current->id;

	if (acquire)
		join(now[me], learnt[me]);
	if (release_too) {
		memcpy(release[me], now[me], sizeof(now[me]));
		now[me][me]++;
	}
}

void race_release_store(uintptr_t addr, uint32_t size)
{
	for (uintptr_t g = addr & ~3UL; g < addr + size; g += GRANULE)
		memcpy(shadow_of(g)->released, release[current->id],
		       sizeof(release[0]));
}

void race_acquire_load(uintptr_t addr, uint32_t size)
{
	for (uintptr_t g = addr & ~3UL; g < addr + size; g += GRANULE)
		join(learnt[current->id], shadow_of(g)->released);
}

void race_rmw(uintptr_t addr, uint32_t size)
{
	uint32_t me = current->id;

	for (uintptr_t g = addr & ~3UL; g < addr + size; g += GRANULE) {
		struct shadow *s = shadow_of(g);

		join(now[me], s->released);
		join(s->released, now[me]);
	}
	now[me][me]++;
}
