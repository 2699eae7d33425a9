/*
 * poke.c - have a function run after now, by one at a time.
 *
 * [poke]  No poke is left to somebody who has gone.
 *
 *   who pokes                     who is in it
 *   wanted = 1                    busy = 0
 *   (locked)                      (locked)
 *   busy? leave it to him         wanted? once more
 *
 * Both reading the old value would leave the work undone.
 */
#include "poke.h"

#include "atomic.h"

void poke(struct poke *p, void *arg)
{
	write_once(p->wanted, 1);
	/* Ends when nobody pokes while we run.  The swaps are the fences. */
	do {
		if (atomic_swap32(&p->busy, 1))
			return;
		/* Cleared before the work: who comes later wants it again. */
		if (atomic_swap32(&p->wanted, 0))
			p->fn(arg);
		atomic_swap32(&p->busy, 0);
	} while (read_once(p->wanted));
}
