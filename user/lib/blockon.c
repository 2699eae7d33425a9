/*
 * blockon.c - a uthread waits for a message, in any of several ev_qs.
 *
 * The handler of such an ev_q takes nothing: it wakes everybody who waits on
 * it, and each of them looks at all of its mailboxes again.  So it does not
 * matter which ev_q woke whom, or whether another took the message first; and
 * who is late leaves the message where it is.
 *
 * [blockon]  Nobody parks on a message.
 *
 *   the kernel, then the handler      who waits
 *   message into the mailbox          news = LOOKING
 *   (locked)                          (locked)
 *   news = NEWS: parked? wake it      mailboxes empty?
 *                                     news still LOOKING? park
 *
 * If our LOOKING hides the handler's NEWS, the message was there before.
 */
#include "blockon.h"

#include "abi/errno.h"
#include "alarm.h"
#include "atomic.h"
#include "evq.h"
#include "mbox.h"
#include "pool.h"
#include "uspin.h"
#include "uthread.h"

enum news {
	LOOKING,	/* it looks, or is about to */
	PARKED,		/* it does not run: who changes this wakes it */
	NEWS,		/* it is to look again */
};

/* A uthread that waits, on its stack. */
struct blockon {
	uint32_t	news;		/* atomic [blockon] */
	struct uthread	*uth;		/* once parked */
	uint32_t	late;		/* the time is over; never cleared */
};

/* Its place among those who wait on one ev_q, likewise. */
struct place {
	struct blockon	*wait;
	struct place	*next;
};

/* What ev_udata of such an ev_q points to. */
struct places {
	struct uspin	lock;
	struct place	*first;		/* under lock */
};

static struct pool places_pool = POOL_INIT(sizeof(struct places));

/* @w is to look again.  It stays, for who waits must take the lock that the
 * caller has, or cancel the alarm, before it goes.  Context: vcore. */
static void tell(struct blockon *w)
{
	if (atomic_swap32(&w->news, NEWS) == PARKED)
		uthread_runnable(w->uth);
}

static void on_blockon_evq(struct event_queue *ev_q)
{
	struct places *places = ev_q->ev_udata;

	uspin_lock(&places->lock);
	for (struct place *p = places->first; p; p = p->next)
		tell(p->wait);
	uspin_unlock(&places->lock);
}

static void on_deadline(struct alarm *alarm, void *data)
{
	struct blockon *w = data;

	write_once(w->late, 1);
	tell(w);
}

struct event_queue *get_eventq_blockon(uint32_t mbox_type)
{
	struct event_queue *ev_q = get_eventq(mbox_type);
	struct places *places;

	if (!ev_q)
		return NULL;
	places = pool_get(&places_pool);
	if (!places) {
		put_eventq(ev_q);
		return NULL;
	}
	ev_q->ev_flags = EVQ_SOME_VCORE_NOW;
	ev_q->ev_udata = places;
	ev_q->ev_handler = on_blockon_evq;
	return ev_q;
}

void put_eventq_blockon(struct event_queue *ev_q)
{
	struct places *places = ev_q->ev_udata;

	put_eventq(ev_q);
	/* A late handler may be looking at it still. */
	pool_retire(&places_pool, places);
}

static void join(struct event_queue *ev_q, struct place *place)
{
	struct places *places = ev_q->ev_udata;

	uspin_lock(&places->lock);
	place->next = places->first;
	places->first = place;
	uspin_unlock(&places->lock);
}

/* Afterwards nobody knows of @place, or of who waits there. */
static void leave(struct event_queue *ev_q, struct place *place)
{
	struct places *places = ev_q->ev_udata;
	struct place **link = &places->first;

	uspin_lock(&places->lock);
	while (*link != place)
		link = &(*link)->next;
	*link = place->next;
	uspin_unlock(&places->lock);
}

/*
 * We took a bit of @ev_q.  Another who waits may have looked between our
 * clearing of the hint and our second look [bitmap-hint], and parked: the bits
 * that we leave are for him.
 */
static void pass_on(struct event_queue *ev_q)
{
	if (ev_q->ev_mbox->type == EV_MBOX_BITMAP &&
	    !mbox_is_empty(ev_q->ev_mbox))
		on_blockon_evq(ev_q);
}

static bool park(struct uthread *uth, void *arg)
{
	struct blockon *w = arg;

	w->uth = uth;
	return atomic_cas32(&w->news, LOOKING, PARKED);
}

/* The message of the first that has one; null: none has. */
static struct event_queue *take(struct event_msg *msg,
				struct event_queue *const evqs[],
				unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		if (mbox_get(evqs[i]->ev_mbox, msg))
			return evqs[i];
	}
	return NULL;
}

/* Look and park in turns, until there is a message or it is too late: then
 * null. */
static struct event_queue *wait_and_take(struct blockon *w,
					 struct event_msg *msg,
					 struct event_queue *const evqs[],
					 unsigned int nr)
{
	for (;;) {
		bool late = read_once(w->late);
		struct event_queue *found;

		/* Locked: before we look [blockon]. */
		atomic_swap32(&w->news, LOOKING);
		found = take(msg, evqs, nr);
		if (found || late)
			return found;
		if (read_once(w->late))
			continue;	/* one last look */
		uthread_block_unless(park, w);
	}
}

int uth_blockon_evqs(struct event_msg *msg, struct event_queue **which,
		     struct event_queue *const evqs[], unsigned int nr,
		     uint64_t deadline)
{
	struct place places[BLOCKON_MAX];
	struct blockon w = { .news = LOOKING };
	struct event_queue *found;
	struct alarm alarm;
	int err;

	if (!nr || nr > BLOCKON_MAX)
		return -EINVAL;
	found = take(msg, evqs, nr);
	if (found)
		goto out;
	alarm_init(&alarm, on_deadline, &w);
	err = deadline == BLOCKON_EVER ? 0 : alarm_set(&alarm, deadline);
	if (err)
		return err;
	for (unsigned int i = 0; i < nr; i++) {
		places[i].wait = &w;
		join(evqs[i], &places[i]);
	}
	found = wait_and_take(&w, msg, evqs, nr);
	for (unsigned int i = 0; i < nr; i++)
		leave(evqs[i], &places[i]);
	if (deadline != BLOCKON_EVER)
		alarm_cancel(&alarm);
out:
	if (found)
		pass_on(found);
	if (which)
		*which = found;
	return found ? 0 : -ETIMEDOUT;
}
