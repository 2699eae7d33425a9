/*
 * usync.c - uthreads that wait for each other.
 *
 * Every wait goes the same way: save the uthread, and then, in vcore context
 * and under the lock of what it waits for, either take that or join the queue.
 * Whoever gives it later finds the uthread whole.
 */
#include "usync.h"

#include "clock.h"
#include "syscall.h"
#include "uthread.h"
#include "vcore.h"

static void uqueue_push(struct uqueue *q, struct uthread *uth)
{
	uth->next = NULL;
	if (q->head)
		q->tail->next = uth;
	else
		q->head = uth;
	q->tail = uth;
}

static struct uthread *uqueue_pop(struct uqueue *q)
{
	struct uthread *uth = q->head;

	if (uth)
		q->head = uth->next;
	return uth;
}

/* Make @uth run again, if it is one.  Context: any. */
static void wake(struct uthread *uth)
{
	if (!uth)
		return;
	disable_notifs();
	uthread_runnable(uth);
	enable_notifs();
}

/* All that waited. */
static void wake_all(struct uthread *uth)
{
	while (uth) {
		struct uthread *next = uth->next;

		wake(uth);
		uth = next;
	}
}

/* --- Mutex --------------------------------------------------------------- */

static bool umutex_take(struct umutex *m, struct uthread *uth)
{
	if (m->owner)
		return false;
	m->owner = uth;
	return true;
}

bool umutex_trylock(struct umutex *m)
{
	bool taken;

	uspin_lock(&m->lock);
	taken = umutex_take(m, uthread_self());
	uspin_unlock(&m->lock);
	return taken;
}

static bool umutex_wait(struct uthread *uth, void *arg)
{
	struct umutex *m = arg;
	bool taken;

	uspin_lock(&m->lock);
	taken = umutex_take(m, uth);
	if (!taken)
		uqueue_push(&m->waiters, uth);
	uspin_unlock(&m->lock);
	return !taken;
}

void umutex_lock(struct umutex *m)
{
	if (!umutex_trylock(m))
		uthread_block_unless(umutex_wait, m);
}

void umutex_unlock(struct umutex *m)
{
	struct uthread *next;

	uspin_lock(&m->lock);
	next = uqueue_pop(&m->waiters);
	m->owner = next;
	uspin_unlock(&m->lock);
	wake(next);
}

/* --- Condition variable -------------------------------------------------- */

struct cond_wait {
	struct ucond	*c;
	struct umutex	*m;
};

/* In the queue before the mutex is free, so no signal falls between. */
static bool ucond_enqueue(struct uthread *uth, void *arg)
{
	struct cond_wait w = *(struct cond_wait *)arg;

	uspin_lock(&w.c->lock);
	uqueue_push(&w.c->waiters, uth);
	uspin_unlock(&w.c->lock);
	/* From here on @uth, and what @arg was, may be running elsewhere. */
	umutex_unlock(w.m);
	return true;
}

void ucond_wait(struct ucond *c, struct umutex *m)
{
	struct cond_wait w = { .c = c, .m = m };

	uthread_block_unless(ucond_enqueue, &w);
	umutex_lock(m);
}

void ucond_signal(struct ucond *c)
{
	struct uthread *uth;

	uspin_lock(&c->lock);
	uth = uqueue_pop(&c->waiters);
	uspin_unlock(&c->lock);
	wake(uth);
}

void ucond_broadcast(struct ucond *c)
{
	struct uthread *all;

	uspin_lock(&c->lock);
	all = c->waiters.head;
	c->waiters.head = NULL;
	uspin_unlock(&c->lock);
	wake_all(all);
}

/* --- Semaphore ----------------------------------------------------------- */

void usem_init(struct usem *s, uint32_t count)
{
	*s = (struct usem){ .count = count };
}

bool usem_trydown(struct usem *s)
{
	bool taken;

	uspin_lock(&s->lock);
	taken = s->count > 0;
	s->count -= taken;
	uspin_unlock(&s->lock);
	return taken;
}

static bool usem_wait(struct uthread *uth, void *arg)
{
	struct usem *s = arg;
	bool taken;

	uspin_lock(&s->lock);
	taken = s->count > 0;
	s->count -= taken;
	if (!taken)
		uqueue_push(&s->waiters, uth);
	uspin_unlock(&s->lock);
	return !taken;
}

void usem_down(struct usem *s)
{
	if (!usem_trydown(s))
		uthread_block_unless(usem_wait, s);
}

void usem_up(struct usem *s)
{
	struct uthread *uth;

	uspin_lock(&s->lock);
	uth = uqueue_pop(&s->waiters);
	s->count += !uth;
	uspin_unlock(&s->lock);
	wake(uth);
}

/* --- Barrier ------------------------------------------------------------- */

void ubarrier_init(struct ubarrier *b, uint32_t size)
{
	*b = (struct ubarrier){ .size = size };
}

struct barrier_wait {
	struct ubarrier	*b;
	bool		last;
};

static bool ubarrier_arrive(struct uthread *uth, void *arg)
{
	struct barrier_wait *w = arg;
	struct ubarrier *b = w->b;
	struct uthread *all = NULL;

	uspin_lock(&b->lock);
	/* Under the lock: once in the queue, @w may be gone. */
	w->last = ++b->arrived == b->size;
	if (w->last) {
		all = b->waiters.head;
		b->waiters.head = NULL;
		b->arrived = 0;
	} else {
		uqueue_push(&b->waiters, uth);
		uth = NULL;
	}
	uspin_unlock(&b->lock);
	wake_all(all);
	return !uth;
}

bool ubarrier_wait(struct ubarrier *b)
{
	struct barrier_wait w = { .b = b };

	uthread_block_unless(ubarrier_arrive, &w);
	return w.last;
}

/* --- Sleep --------------------------------------------------------------- */

void uthread_sleep_ns(uint64_t ns)
{
	sys_block((ns + NSEC_PER_USEC - 1) / NSEC_PER_USEC);
}
