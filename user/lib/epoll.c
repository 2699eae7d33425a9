/*
 * epoll.c - wait for any of several descriptors, on one CEQ and taps.
 *
 * The CEQ's messages are not handled where they come: its ev_q's handler only
 * wakes who waits, and who waits drains it.  `news` makes sure that a message
 * after the drain ends the wait: the handler sets it, and nobody parks before
 * looking at it, under the lock.
 */
#include "epoll.h"

#include "alarm.h"
#include "atomic.h"
#include "ceq.h"
#include "clock.h"
#include "evq.h"
#include "mbox.h"
#include "stdlib.h"
#include "syscall.h"
#include "uspin.h"
#include "uthread.h"
#include "vcore.h"

struct entry {
	bool		used;
	struct epoll_event event;	/* what the program wants */
	uint32_t	seen;		/* EPOLL*: told, and not yet reported */
};

/* A uthread in epoll_wait(), on its stack. */
struct waiter {
	struct epoll	*ep;
	struct uthread	*uth;
	bool		late;		/* the time is over */
	bool		parked;		/* on the list: */
	struct waiter	*next;
};

struct epoll {
	struct event_queue *ev_q;	/* fixed */
	struct uspin	lock;
	/* Under lock. */
	struct entry	entries[NR_FDS];	/* by descriptor */
	int		first;		/* where the next report begins */
	bool		news;		/* the CEQ may have something */
	struct waiter	*waiters;
};

static int fail(int err)
{
	errno = err;
	return -1;
}

static uint32_t events_of(uint32_t tap)
{
	return (tap & TAP_READABLE ? EPOLLIN : 0) |
	       (tap & TAP_WRITABLE ? EPOLLOUT : 0);
}

static uint32_t tap_of(uint32_t events)
{
	return (events & EPOLLIN ? TAP_READABLE : 0) |
	       (events & EPOLLOUT ? TAP_WRITABLE : 0);
}

int fd_ready(int fd)
{
	int tap = sys_tap(fd, TAP_LOOK, NULL, 0, NULL);

	return tap < 0 ? -1 : (int)events_of((uint32_t)tap);
}

/* There is something to look at: everybody who waits looks.  Context: vcore, or
 * notifications masked. */
static void epoll_wake(struct epoll *ep)
{
	struct waiter *w, *next;

	uspin_lock(&ep->lock);
	ep->news = true;
	w = ep->waiters;
	ep->waiters = NULL;
	for (struct waiter *each = w; each; each = each->next)
		each->parked = false;
	/* Under the lock: afterwards one that was late might be gone. */
	for (; w; w = next) {
		next = w->next;
		uthread_runnable(w->uth);
	}
	uspin_unlock(&ep->lock);
}

static void on_epoll_evq(struct event_queue *ev_q)
{
	epoll_wake(ev_q->ev_udata);
}

struct epoll *epoll_create(void)
{
	struct epoll *ep = calloc(1, sizeof(*ep));
	struct event_queue *ev_q = ep ? get_eventq_raw() : NULL;

	if (!ev_q || ceq_init(&ev_q->ev_mbox->ceq, CEQ_OR, NR_FDS, NR_FDS)) {
		if (ev_q)
			put_eventq_raw(ev_q);
		free(ep);
		errno = ENOMEM;
		return NULL;
	}
	ev_q->ev_mbox->type = EV_MBOX_CEQ;
	ev_q->ev_flags = EVQ_SOME_VCORE_NOW;
	ev_q->ev_udata = ep;
	ev_q->ev_handler = on_epoll_evq;
	ep->ev_q = ev_q;
	return ep;
}

void epoll_destroy(struct epoll *ep)
{
	for (int fd = 0; fd < NR_FDS; fd++) {
		if (ep->entries[fd].used)
			(void)epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL);
	}
	/* A message that is still on its way finds a CEQ without entries. */
	ceq_free(&ep->ev_q->ev_mbox->ceq);
	put_eventq_raw(ep->ev_q);
	free(ep);
}

/* Note in the entries what the taps have told. */
static void drain_locked(struct epoll *ep)
{
	struct event_msg msg;

	ep->news = false;
	while (mbox_get(ep->ev_q->ev_mbox, &msg)) {
		struct entry *entry = &ep->entries[msg.ev_type];

		/* A message that came late, from before the last change, may
		 * tell of what nobody wants any more. */
		if (entry->used)
			entry->seen |= events_of(msg.ev_arg2) &
				       entry->event.events;
	}
}

/* Set or change the tap of @fd as @event wants it. */
static int entry_set_locked(struct epoll *ep, int fd,
			    const struct epoll_event *event)
{
	struct entry *entry = &ep->entries[fd];

	if (sys_tap(fd, tap_of(event->events), ep->ev_q, (uint32_t)fd, NULL))
		return -1;
	entry->used = true;
	entry->event = *event;
	entry->seen = 0;
	return 0;
}

int epoll_ctl(struct epoll *ep, int op, int fd, struct epoll_event *event)
{
	int err = 0;

	if (fd < 0 || fd >= NR_FDS)
		return fail(EBADF);
	if (op < EPOLL_CTL_ADD || op > EPOLL_CTL_MOD ||
	    (op != EPOLL_CTL_DEL && !(event->events & (EPOLLIN | EPOLLOUT))))
		return fail(EINVAL);
	uspin_lock(&ep->lock);
	/* What the old tap has told is not for the new entry. */
	drain_locked(ep);
	ep->news = true;
	if (ep->entries[fd].used == (op == EPOLL_CTL_ADD)) {
		err = fail(op == EPOLL_CTL_ADD ? EEXIST : ENOENT);
	} else if (op == EPOLL_CTL_DEL) {
		ep->entries[fd].used = false;
		ep->entries[fd].seen = 0;
		/* It may be closed already: then it has no tap. */
		(void)sys_tap(fd, 0, NULL, 0, NULL);
	} else {
		err = entry_set_locked(ep, fd, event);
	}
	uspin_unlock(&ep->lock);
	return err;
}

/* What is there to say of @fd now? */
static uint32_t report_locked(struct epoll *ep, int fd)
{
	struct entry *entry = &ep->entries[fd];
	uint32_t seen = entry->seen;
	int ready;

	if (!seen)
		return 0;
	entry->seen = 0;
	if (entry->event.events & EPOLLET)
		return seen;
	/* Ask, and again next time as long as there was something: not ready
	 * means that the tap will tell when it is. */
	ready = fd_ready(fd);
	if (ready > 0)
		entry->seen = (uint32_t)ready & entry->event.events;
	return entry->seen;
}

/* Fill @events with what can be said now; how many. */
static int collect(struct epoll *ep, struct epoll_event *events, int max)
{
	int n = 0;

	uspin_lock(&ep->lock);
	drain_locked(ep);
	for (int i = 0; i < NR_FDS && n < max; i++) {
		int fd = (ep->first + i) % NR_FDS;
		uint32_t report = report_locked(ep, fd);

		if (!report)
			continue;
		events[n].events = report;
		events[n++].data = ep->entries[fd].event.data;
		if (n == max)
			ep->first = (fd + 1) % NR_FDS;
	}
	/* What was left out is for another waiter, or for the next wait. */
	if (n == max)
		ep->news = true;
	uspin_unlock(&ep->lock);
	return n;
}

static bool park(struct uthread *uth, void *arg)
{
	struct waiter *w = arg;
	struct epoll *ep = w->ep;
	bool parked;

	w->uth = uth;
	uspin_lock(&ep->lock);
	parked = !ep->news && !w->late;
	if (parked) {
		w->parked = true;
		w->next = ep->waiters;
		ep->waiters = w;
	}
	uspin_unlock(&ep->lock);
	/* From here on it may be gone. */
	return parked;
}

/* The time of a waiter is over.  It stays until this has returned, for it
 * cancels its alarm. */
static void on_timeout(struct alarm *alarm, void *data)
{
	struct waiter *w = data;
	struct waiter **link = &w->ep->waiters;
	bool parked;

	uspin_lock(&w->ep->lock);
	w->late = true;
	parked = w->parked;
	if (parked) {
		while (*link != w)
			link = &(*link)->next;
		*link = w->next;
		w->parked = false;
	}
	uspin_unlock(&w->ep->lock);
	if (parked)
		uthread_runnable(w->uth);
}

/* collect() until there is something or @w is late. */
static int wait_and_collect(struct waiter *w, struct epoll_event *events,
			    int max)
{
	int n;

	while (!(n = collect(w->ep, events, max)) && !read_once(w->late))
		uthread_block_unless(park, w);
	return n;
}

int epoll_wait(struct epoll *ep, struct epoll_event *events, int max,
	       int timeout_ms)
{
	struct waiter w = {
		.ep = ep,
		.late = !timeout_ms,
	};
	struct alarm alarm;
	int err = 0;
	int n;

	if (max <= 0)
		return fail(EINVAL);
	alarm_init(&alarm, on_timeout, &w);
	if (timeout_ms > 0)
		err = alarm_set_in(&alarm, (uint64_t)timeout_ms *
					   NSEC_PER_MSEC);
	if (err)
		return fail(-err);
	n = wait_and_collect(&w, events, max);
	if (timeout_ms > 0)
		alarm_cancel(&alarm);
	return n;
}
