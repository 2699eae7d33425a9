/*
 * usync.c - uthreads that wait for each other.
 *
 * Every wait goes the same way: save the uthread, and then, in vcore context
 * and under the lock of what it waits for, either take that or join the queue.
 * Whoever gives it later finds the uthread whole.
 *
 * Who takes a uthread off its queue makes it run: the one who gives, or the
 * alarm of a wait whose time is over.  Both do it under the lock, so it is one
 * of them.
 *
 * But as soon as the one who gave to the last has returned, that lock may be
 * gone with the condition variable around it.  So before he makes the uthread
 * run he ends its deadline: an alarm that comes behind him does not look.
 */
#include "usync.h"

#include "abi/errno.h"
#include "alarm.h"
#include "atomic.h"
#include "clock.h"
#include "syscall.h"
#include "uthread.h"
#include "vcore.h"

/* Of uthread.deadline; held while an alarm looks at what is waited for, so
 * before the lock of that. */
static struct uspin deadlines;

/* One wait, on the stack of who waits. */
struct wait {
	struct uspin	*lock;
	struct uqueue	*queue;
	/* Let @uth have @of, if it is to be had; null: it never is. */
	bool		(*take)(void *of, struct uthread *uth);
	void		*of;
	struct umutex	*release;	/* unlock it once in the queue */
	struct uthread	*uth;		/* who waits, if with a deadline */
	/* Set under deadlines. */
	bool		over;		/* it is too late to join the queue */
	/* Under lock. */
	bool		late;		/* and that is how the wait ended */
};

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

/* Take @uth off @q.  False: it is not there. */
static bool uqueue_remove(struct uqueue *q, struct uthread *uth)
{
	struct uthread *before = NULL;
	struct uthread *each = q->head;

	while (each && each != uth) {
		before = each;
		each = each->next;
	}
	if (!each)
		return false;
	if (before)
		before->next = uth->next;
	else
		q->head = uth->next;
	if (q->tail == uth)
		q->tail = before;
	return true;
}

/* The time of which wait of @uth may end it, from now on?  An alarm that was
 * about to look at another is done. */
static void set_deadline(struct uthread *uth, struct wait *w)
{
	uspin_lock(&deadlines);
	uth->deadline = w;
	uspin_unlock(&deadlines);
}

/* Make @uth run again, if it is one.  Context: any. */
static void wake(struct uthread *uth)
{
	if (!uth)
		return;
	if (uth->deadline)
		set_deadline(uth, NULL);
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

static bool wait_take_locked(struct wait *w, struct uthread *uth)
{
	return w->take && w->take(w->of, uth);
}

/* In vcore context: have it, or be in the queue before the mutex is free, so
 * that no signal falls between. */
static bool wait_begin(struct uthread *uth, void *arg)
{
	struct wait *w = arg;
	struct umutex *release = w->release;
	bool waits = false;

	if (w->uth)
		set_deadline(uth, w);
	uspin_lock(w->lock);
	if (!wait_take_locked(w, uth)) {
		waits = !read_once(w->over);
		w->late = !waits;
	}
	if (waits)
		uqueue_push(w->queue, uth);
	uspin_unlock(w->lock);
	/* From here on @uth, and what @w was, may be running elsewhere. */
	if (release)
		umutex_unlock(release);
	return waits;
}

/* Take who waits off the queue, if it is there.  Context: deadlines; @w is its
 * uthread's deadline. */
static bool make_late(struct wait *w)
{
	bool late;

	uspin_lock(w->lock);
	late = uqueue_remove(w->queue, w->uth);
	if (late)
		w->late = true;
	uspin_unlock(w->lock);
	return late;
}

/* The time of a wait is over.  @w stays until this has returned, for its
 * uthread cancels the alarm first. */
static void on_deadline(struct alarm *alarm, void *data)
{
	struct wait *w = data;
	bool late;

	uspin_lock(&deadlines);
	write_once(w->over, true);
	late = w->uth->deadline == w && make_late(w);
	uspin_unlock(&deadlines);
	if (late)
		uthread_runnable(w->uth);
}

/* Wait as @w says.  Uthread, notifications enabled. */
static void wait_for(struct wait *w)
{
	uthread_block_unless(wait_begin, w);
}

static int wait_until(struct wait *w, uint64_t deadline)
{
	struct alarm alarm;
	int err;

	w->uth = uthread_self();
	alarm_init(&alarm, on_deadline, w);
	err = alarm_set(&alarm, deadline);
	if (err)
		return err;
	wait_for(w);
	alarm_cancel(&alarm);
	return w->late ? -ETIMEDOUT : 0;
}

/* --- Mutex --------------------------------------------------------------- */

static bool umutex_take(void *of, struct uthread *uth)
{
	struct umutex *m = of;

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

static struct wait umutex_wait(struct umutex *m)
{
	return (struct wait){
		.lock = &m->lock,
		.queue = &m->waiters,
		.take = umutex_take,
		.of = m,
	};
}

void umutex_lock(struct umutex *m)
{
	struct wait w = umutex_wait(m);

	if (!umutex_trylock(m))
		wait_for(&w);
}

int umutex_lock_until(struct umutex *m, uint64_t deadline)
{
	struct wait w = umutex_wait(m);

	return umutex_trylock(m) ? 0 : wait_until(&w, deadline);
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

static struct wait ucond_wait_on(struct ucond *c, struct umutex *m)
{
	return (struct wait){
		.lock = &c->lock,
		.queue = &c->waiters,
		.release = m,
	};
}

void ucond_wait(struct ucond *c, struct umutex *m)
{
	struct wait w = ucond_wait_on(c, m);

	wait_for(&w);
	umutex_lock(m);
}

int ucond_wait_until(struct ucond *c, struct umutex *m, uint64_t deadline)
{
	struct wait w = ucond_wait_on(c, m);
	int err = wait_until(&w, deadline);

	/* Without an alarm it was not released. */
	if (!err || err == -ETIMEDOUT)
		umutex_lock(m);
	return err;
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

static bool usem_take(void *of, struct uthread *uth)
{
	struct usem *s = of;

	if (!s->count)
		return false;
	s->count--;
	return true;
}

bool usem_trydown(struct usem *s)
{
	bool taken;

	uspin_lock(&s->lock);
	taken = usem_take(s, NULL);
	uspin_unlock(&s->lock);
	return taken;
}

static struct wait usem_wait(struct usem *s)
{
	return (struct wait){
		.lock = &s->lock,
		.queue = &s->waiters,
		.take = usem_take,
		.of = s,
	};
}

void usem_down(struct usem *s)
{
	struct wait w = usem_wait(s);

	if (!usem_trydown(s))
		wait_for(&w);
}

int usem_down_until(struct usem *s, uint64_t deadline)
{
	struct wait w = usem_wait(s);

	return usem_trydown(s) ? 0 : wait_until(&w, deadline);
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

void uthread_sleep_until(uint64_t deadline)
{
	struct usem never = { .count = 0 };
	uint64_t now = clock_ns();
	int err = usem_down_until(&never, deadline);

	/* Without an alarm the kernel keeps a thread of its own for us. */
	if (err != -ETIMEDOUT && deadline > now)
		sys_block((deadline - now + NSEC_PER_USEC - 1) /
			  NSEC_PER_USEC);
}

void uthread_sleep_ns(uint64_t ns)
{
	uthread_sleep_until(clock_ns_in(ns));
}
