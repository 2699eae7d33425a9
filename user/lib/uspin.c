/* uspin.c - the lock between vcores. */
#include "uspin.h"

#include "atomic.h"
#include "preempt.h"
#include "vcore.h"

void uspin_lock_word(uint32_t *word)
{
	/* Pairs with store_release() in
	 * user/lib/uspin.c:uspin_unlock_word() [uspin]. */
	while (atomic_swap32(word, 1)) {
		/* Look without writing, so that waiters share the line. */
		while (read_once(*word))
			vcore_relax();
	}
}

void uspin_unlock_word(uint32_t *word)
{
	/* What was done inside before the lock is free.  Pairs with
	 * atomic_swap32() in user/lib/uspin.c:uspin_lock_word() [uspin]. */
	store_release(word, 0);
}

void uspin_lock(struct uspin *lock)
{
	disable_notifs();
	uspin_lock_word(&lock->locked);
}

void uspin_unlock(struct uspin *lock)
{
	uspin_unlock_word(&lock->locked);
	enable_notifs();
}
