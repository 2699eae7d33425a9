/*
 * prio.h - another scheduler: uthreads with fixed priorities.
 *
 * Of the uthreads that can run, one of the highest priority does; equals take
 * turns when they yield.  One that an event makes ready with a higher priority
 * than what this vcore runs takes its place at once, and that goes on before
 * its equals; one that a uthread makes ready, when that blocks or yields, or at
 * the next event.  sched_set(&prio_sched) before the first uthread is created.
 */
#pragma once

#include "uthread.h"

/* Level 0 is the lowest, and what uthreads begin with. */
#define PRIO_LEVELS	8

extern const struct sched_ops prio_sched;

/* Give @uth priority @level.  It counts from when it next becomes ready.
 * Context: any. */
void prio_set(struct uthread *uth, unsigned int level);
