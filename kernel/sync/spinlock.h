/*
 * spinlock.h - locks for a few instructions, in one order.
 *
 * Lock order: left to right, never back, never two of one rank:
 *
 *	proc_table -> proc -> sched -> ucq -> aspace -> kmem -> page -> kmsg
 *	-> wait -> alarm -> console
 *
 * A core that takes a lock ranked not above all that it holds panics at once,
 * on the first run, and not on the day the other core comes the other way.
 */
#pragma once

#include "abi/types.h"

enum lock_rank {
	RANK_PROCTAB = 1, RANK_PROC, RANK_SCHED, RANK_UCQ, RANK_ASPACE,
	RANK_KMEM, RANK_PAGE, RANK_KMSG, RANK_WAIT, RANK_ALARM, RANK_CONSOLE
};

struct spinlock {
	uint32_t	holder;		/* atomic: coreid + 1, or 0 if free */
	uint32_t	rank;		/* fixed */
	const char	*name;		/* fixed */
};

#define SPINLOCK_INIT(lockname, lockrank) \
	{ .holder = 0, .rank = (lockrank), .name = (lockname) }

/* Make @lock a free lock; @name must outlive it. */
void spin_init(struct spinlock *lock, const char *name, enum lock_rank rank);

/*
 * Take and give back.  A lock that an interrupt handler takes must be taken
 * with the irqsave pair everywhere, or the handler may wait for the code that
 * it interrupted.
 *
 * Context: any but NMI.  The holder must not block.
 */
void spin_lock(struct spinlock *lock);
void spin_unlock(struct spinlock *lock);

/* The same with interrupts off in between; pass what the first returned. */
uint64_t spin_lock_irqsave(struct spinlock *lock);
void spin_unlock_irqrestore(struct spinlock *lock, uint64_t flags);

/* What the locks of a rank are called in the order above, for people. */
const char *lock_rank_name(uint32_t rank);

/* Does this core hold @lock?  For assertions. */
bool spin_held(struct spinlock *lock);
