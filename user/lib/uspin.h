/*
 * uspin.h - a lock between vcores: one word, zero when free.
 *
 * Whoever holds one must not be taken into vcore context on the way: a handler
 * that wants the same lock would wait for the uthread that it interrupted.  So
 * uspin_lock() masks notifications in a uthread, and nests; in vcore context
 * they are masked already.  Hold it for a few instructions; block never.
 */
#pragma once

#include "abi/types.h"

struct uspin {
	uint32_t	locked;		/* atomic */
};

/* Take @lock; notifications stay masked until uspin_unlock().
 * Context: any. */
void uspin_lock(struct uspin *lock);

/* Release @lock.  In a uthread a notification that came in between is taken
 * here.  Context: the one that locked it. */
void uspin_unlock(struct uspin *lock);

/* The same for a word of the ABI, such as cons_lock of a mailbox, whose reader
 * has masked notifications anyway.  Context: notifications masked. */
void uspin_lock_word(uint32_t *word);
void uspin_unlock_word(uint32_t *word);
