/*
 * prio.c - another scheduler: uthreads with fixed priorities.
 *
 * All that a scheduler is asked is in struct sched_ops: what becomes ready, and
 * what to run next.  Everything else, blocking, waking, leaving vcore context,
 * preemption, is the library's and the same for all.
 */
#include "prio.h"

#include "atomic.h"
#include "uspin.h"
#include "vcore.h"

struct queue {
	struct uthread	*head;
	struct uthread	*tail;
};

static struct uspin lock;
static struct queue ready[PRIO_LEVELS];		/* lock */
static uint32_t levels;		/* bit per queue that has any; lock, peeked */

void prio_set(struct uthread *uth, unsigned int level)
{
	write_once(uth->priority, level < PRIO_LEVELS ? level
						      : PRIO_LEVELS - 1);
}

/* The highest level with its bit set in @bits, which is not 0. */
static unsigned int highest(uint32_t bits)
{
	return 31 - (unsigned int)__builtin_clz(bits);
}

/* Put @uth behind those of its priority, or before them. */
static void prio_push(struct uthread *uth, bool first)
{
	unsigned int level = read_once(uth->priority);
	struct queue *q = &ready[level];

	uspin_lock(&lock);
	uth->next = first ? q->head : NULL;
	if (!first && q->head)
		q->tail->next = uth;
	else
		q->head = uth;
	if (!uth->next)
		q->tail = uth;
	write_once(levels, levels | 1U << level);
	uspin_unlock(&lock);
	uthread_ask_for_vcores();
}

static void prio_runnable(struct uthread *uth)
{
	prio_push(uth, false);
}

/* One of the highest priority, if that is at least @least; or null. */
static struct uthread *prio_pop(unsigned int least)
{
	struct uthread *uth = NULL;

	uspin_lock(&lock);
	if (levels >> least) {
		struct queue *q = &ready[highest(levels)];

		uth = q->head;
		q->head = uth->next;
		if (!q->head)
			write_once(levels, levels & ~(1U << (q - ready)));
	}
	uspin_unlock(&lock);
	return uth;
}

static bool prio_has_work(void)
{
	return read_once(levels);
}

/* Something better than what this vcore was running?  Then that waits. */
static void prio_preempt(void)
{
	struct uthread *mine = current_uthread();
	struct uthread *better;

	if (!mine)
		return;
	better = prio_pop(read_once(mine->priority) + 1);
	if (!better)
		run_current_uthread();
	mine = detach_current_uthread();
	if (mine) {
		prio_push(mine, true);	/* it has not had its turn */
		run_uthread(better);
	}
	prio_push(better, true);	/* ours may not be moved just now */
	run_current_uthread();
}

static void prio_entry(void)
{
	struct uthread *uth;

	prio_preempt();
	uth = prio_pop(0);
	if (uth)
		run_uthread(uth);
	vcore_yield(false);
}

const struct sched_ops prio_sched = {
	.entry = prio_entry,
	.runnable = prio_runnable,
	.has_work = prio_has_work,
};
