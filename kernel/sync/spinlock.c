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

/*
 * Note that this core is about to hold @lock, or panic if it must not.
 *
 * An interrupt may come between the load and the store.  It gives back all
 * that it takes, so the word is for us as it was.
 */
static void rank_add(struct percore *pc, const struct spinlock *lock)
{
	uint32_t held = pc->locks;

	if (held >> lock->rank)
		panic("lock order: %s after %s", lock->name,
		      lock_rank_name(31 - __builtin_clz(held)));
	pc->locks = held | 1u << lock->rank;
}

/* Forget @lock, which need not be the last one taken. */
static void rank_remove(struct percore *pc, const struct spinlock *lock)
{
	assert(pc->locks & 1u << lock->rank);
	pc->locks &= ~(1u << lock->rank);
}

void spin_lock(struct spinlock *lock)
{
	struct percore *pc = percore();
	uint32_t spins = 0;

	rank_add(pc, lock);
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
	rank_remove(percore(), lock);
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
