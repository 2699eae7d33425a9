/*
 * usync.h - uthreads that wait for each other: mutex, condition variable,
 * semaphore, barrier.
 *
 * A uthread that must wait gives its vcore to another uthread; the kernel does
 * not hear of it.  What is waited for is handed over: who is woken has it.
 * First come, first served.  All zero is a mutex, condition variable or
 * semaphore that is ready for use.
 *
 * A wait with a deadline, on clock_ns(), ends at that time or later if what it
 * waits for has not come by then: 0 or -ETIMEDOUT, or -ENOMEM or -EAGAIN, at
 * once, if there is no alarm to be had.  What comes later is for others.
 *
 * Context of all functions: uthread, notifications enabled; those that only
 * wake, marked V, from vcore context too.
 */
#pragma once

#include "uspin.h"

struct uthread;

/* Uthreads that wait, oldest first. */
struct uqueue {
	struct uthread	*head;		/* linked by uthread.next */
	struct uthread	*tail;
};

struct umutex {
	struct uspin	lock;		/* of the rest */
	struct uthread	*owner;		/* null: free */
	struct uqueue	waiters;
};

/* Not recursive: a uthread that locks twice waits for itself. */
void umutex_lock(struct umutex *m);
int umutex_lock_until(struct umutex *m, uint64_t deadline);
bool umutex_trylock(struct umutex *m);
void umutex_unlock(struct umutex *m);		/* V */

struct ucond {
	struct uspin	lock;
	struct uqueue	waiters;
};

/*
 * Release @m, wait, and lock @m again.  Wakes for signals only.
 *
 * No signal is missed that comes from a holder of @m: the caller waits before
 * the next can lock it.  One without @m may come before that, and is lost: so a
 * handler in vcore context, which cannot wait for @m, had better usem_up().
 */
void ucond_wait(struct ucond *c, struct umutex *m);

/* The same until @deadline.  @m is locked again in any case, which may take
 * longer. */
int ucond_wait_until(struct ucond *c, struct umutex *m, uint64_t deadline);

/* Wake the first that waits, or all.  Who is woken does not look at @c again:
 * if nobody else waits its memory is the caller's. */
void ucond_signal(struct ucond *c);		/* V */
void ucond_broadcast(struct ucond *c);		/* V */

struct usem {
	struct uspin	lock;
	uint32_t	count;
	struct uqueue	waiters;
};

void usem_init(struct usem *s, uint32_t count);
void usem_down(struct usem *s);
int usem_down_until(struct usem *s, uint64_t deadline);
bool usem_trydown(struct usem *s);
void usem_up(struct usem *s);			/* V */

struct ubarrier {
	struct uspin	lock;
	uint32_t	size;
	uint32_t	arrived;
	struct uqueue	waiters;
};

/* Nobody passes before @size uthreads have come. */
void ubarrier_init(struct ubarrier *b, uint32_t size);

/* True for one of them. */
bool ubarrier_wait(struct ubarrier *b);

/* Stop the calling uthread for @ns nanoseconds, or longer; until a time. */
void uthread_sleep_ns(uint64_t ns);
void uthread_sleep_until(uint64_t deadline);
