/*
 * spinlock.c - locks for a few instructions, in one order.
 *
 * The holder's vCPU may be off its host core while others want the lock, so
 * whoever comes first when it is free gets it: with tickets, a free lock would
 * wait for the one waiter whose turn it is, which may be off its core too.
 */
#include "sync/spinlock.h"

#include "arch/x86/irq.h"
#include "lib/panic.h"
#include "sync/atomic.h"
#include "sync/percore.h"

/* Half a minute of pauses: the holder is not coming back. */
#define SPINS_TOO_MANY	(1u << 28)

static const char *const rank_names[] = {
	[RANK_PROCTAB]	= "proc_table",
	[RANK_PROC]	= "proc",
	[RANK_SCHED]	= "sched",
	[RANK_UCQ]	= "ucq",
	[RANK_ASPACE]	= "aspace",
	[RANK_KMEM]	= "kmem",
	[RANK_PAGE]	= "page",
	[RANK_KMSG]	= "kmsg",
	[RANK_WAIT]	= "wait",
	[RANK_ALARM]	= "alarm",
	[RANK_CONSOLE]	= "console",
};

const char *lock_rank_name(uint32_t rank)
{
	return rank && rank <= RANK_CONSOLE ? rank_names[rank] : "?";
}

void spin_init(struct spinlock *lock, const char *name, enum lock_rank rank)
{
	lock->holder = 0;
	lock->rank = rank;
	lock->name = name;
}

bool spin_held(struct spinlock *lock)
{
	/* Only we write our own number there, so a stale look is right. */
	return read_once(lock->holder) == core_id() + 1;
}

/* Note that this core is about to hold @lock, or panic if it must not. */
static void rank_push(struct percore *pc, const struct spinlock *lock)
{
	uint32_t n = pc->nr_locks;

	if (n && pc->lock_ranks[n - 1] >= lock->rank)
		panic("lock order: %s (rank %u) after rank %u", lock->name,
		      lock->rank, pc->lock_ranks[n - 1]);
	assert(n < PERCORE_LOCKS);
	pc->lock_ranks[n] = lock->rank;
	pc->nr_locks = n + 1;
}

/* Forget @lock, which need not be the last one taken. */
static void rank_pop(struct percore *pc, const struct spinlock *lock)
{
	uint32_t n = pc->nr_locks;
	uint32_t i = n;

	while (i && pc->lock_ranks[i - 1] != lock->rank)
		i--;
	assert(i);
	for (; i < n; i++)
		pc->lock_ranks[i - 1] = pc->lock_ranks[i];
	pc->nr_locks = n - 1;
}

void spin_lock(struct spinlock *lock)
{
	struct percore *pc = percore();
	uint32_t spins = 0;

	rank_push(pc, lock);
	/* The lock before everything under it.  Pairs with store_release() in
	 * sync/spinlock.c:spin_unlock() [spinlock]. */
	while (!atomic_cas(&lock->holder, 0, pc->coreid + 1)) {
		while (read_once(lock->holder))	{
			if (panicking())
				return;	/* nobody is left to give it back */
			if (++spins == SPINS_TOO_MANY)
				panic("lock %s: core %u keeps it", lock->name,
				      read_once(lock->holder) - 1);
			cpu_relax();
		}
	}
}

void spin_unlock(struct spinlock *lock)
{
	assert(spin_held(lock) || panicking());
	rank_pop(percore(), lock);
	/* Everything under the lock before the lock is free.  Pairs with
	 * atomic_cas() in sync/spinlock.c:spin_lock() [spinlock]. */
	store_release(&lock->holder, 0);
}

uint64_t spin_lock_irqsave(struct spinlock *lock)
{
	uint64_t flags = irq_save();

	spin_lock(lock);
	return flags;
}

void spin_unlock_irqrestore(struct spinlock *lock, uint64_t flags)
{
	spin_unlock(lock);
	irq_restore(flags);
}
