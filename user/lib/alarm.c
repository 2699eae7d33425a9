/*
 * alarm.c - any number of alarms, on one alarm of the kernel's.
 *
 * A list by deadline, and one alarm of the kernel's for its head.  The kernel's
 * message only says that it is time to look: what is due is decided here, so a
 * message too many, or one for an alarm that was cancelled meanwhile, is
 * harmless.  Whenever the head comes before what the kernel knows, the kernel
 * is told; when the head is cancelled it is not, and rings once for nothing.
 *
 * A handler that runs is on a second list, from its vcore's stack, for those
 * who cancel and must know that nobody is inside any more.
 */
#include "alarm.h"

#include "abi/errno.h"
#include "atomic.h"
#include "clock.h"
#include "evq.h"
#include "mbox.h"
#include "runtime.h"
#include "syscall.h"
#include "uspin.h"
#include "vcore.h"

#define NEVER	UINT64_MAX

/* A call of a handler. */
struct ringing {
	struct alarm	*alarm;		/* may be gone, if it rang once */
	bool		again;		/* periodic, and nobody has objected */
	struct ringing	*next;
};

/* All under lock; read without it by alarm_is_set() and who waits. */
static struct uspin lock;
static struct alarm *first;
static struct ringing *ringing;
static struct event_queue *ev_q;
static uint64_t armed_for = NEVER;	/* when the kernel's rings */
static int armed_id;

static void on_alarm_evq(struct event_queue *q);

static int service_start_locked(void)
{
	if (ev_q)
		return 0;
	ev_q = get_eventq(EV_MBOX_UCQ);
	if (!ev_q)
		return -ENOMEM;
	ev_q->ev_flags = EVQ_SOME_VCORE_NOW;
	ev_q->ev_handler = on_alarm_evq;
	return 0;
}

/* See to it that the kernel rings in time for the head.  If it cannot, what it
 * knows stays: others count on that. */
static int arm_locked(void)
{
	int64_t id;

	if (!first || armed_for <= first->deadline)
		return 0;
	id = syscall_call(SYS_alarm_set, (uint64_t)ev_q, first->deadline, 0, 0,
			  0);
	if (id < 0)
		return (int)id;
	if (armed_for != NEVER)
		(void)syscall_call(SYS_alarm_cancel, (uint64_t)armed_id, 0, 0,
				   0, 0);
	armed_id = (int)id;
	armed_for = first->deadline;
	return 0;
}

static void insert_locked(struct alarm *alarm, uint64_t deadline)
{
	struct alarm **link = &first;

	/* Equal times in the order in which they were set. */
	while (*link && (*link)->deadline <= deadline)
		link = &(*link)->next;
	alarm->deadline = deadline;
	alarm->next = *link;
	*link = alarm;
	write_once(alarm->set, true);
}

static void remove_locked(struct alarm *alarm)
{
	struct alarm **link = &first;

	if (!alarm->set)
		return;
	while (*link != alarm)
		link = &(*link)->next;
	*link = alarm->next;
	write_once(alarm->set, false);
}

/* Whoever is inside the handler of @alarm is not to repeat it.  True: somebody
 * would have. */
static bool no_more_locked(struct alarm *alarm)
{
	bool was = false;

	for (struct ringing *r = ringing; r; r = r->next) {
		if (r->alarm != alarm)
			continue;
		was |= r->again;
		r->again = false;
	}
	return was;
}

/* Take the head, if it is due at @now, and note that it rings. */
static bool ring_begin(struct ringing *r, uint64_t now)
{
	bool due;

	uspin_lock(&lock);
	due = first && first->deadline <= now;
	if (due) {
		r->alarm = first;
		r->again = first->period;
		remove_locked(first);
		r->next = ringing;
		ringing = r;
	}
	uspin_unlock(&lock);
	return due;
}

/* The next time of @alarm that has not passed; NEVER if there is none. */
static uint64_t next_time(const struct alarm *alarm)
{
	uint64_t now = clock_ns();
	uint64_t next = alarm->deadline + alarm->period;

	if (next < alarm->period)
		return NEVER;
	if (next <= now)
		next += (now - next) / alarm->period * alarm->period +
			alarm->period;
	return next;
}

static void ring_end(struct ringing *r)
{
	struct ringing **link = &ringing;

	uspin_lock(&lock);
	while (*link != r)
		link = &(*link)->next;
	write_once(*link, r->next);
	if (r->again)
		insert_locked(r->alarm, next_time(r->alarm));
	uspin_unlock(&lock);
}

/* Ring what is due at @now. */
static void ring_due(uint64_t now)
{
	struct ringing r;

	while (ring_begin(&r, now)) {
		r.alarm->handler(r.alarm, r.alarm->data);
		ring_end(&r);
	}
}

/* The kernel's alarm has rung: messages say which, and for when. */
static void on_alarm_evq(struct event_queue *q)
{
	uint64_t now = clock_ns();
	struct event_msg msg;
	bool armed;

	while (mbox_get(q->ev_mbox, &msg)) {
		/* Its clock counts, where the two differ in the last digit. */
		if (msg.ev_arg4 > now)
			now = msg.ev_arg4;
		uspin_lock(&lock);
		if ((int)msg.ev_arg2 == armed_id)
			armed_for = NEVER;
		uspin_unlock(&lock);
	}
	ring_due(now);
	uspin_lock(&lock);
	armed = !arm_locked();
	uspin_unlock(&lock);
	if (!armed)
		runtime_fail("the kernel has no memory for an alarm");
}

void alarm_init(struct alarm *alarm, alarm_handler_t handler, void *data)
{
	*alarm = (struct alarm){
		.handler = handler,
		.data = data,
	};
}

static int set_alarm(struct alarm *alarm, uint64_t deadline, uint64_t period)
{
	int err;

	uspin_lock(&lock);
	remove_locked(alarm);
	no_more_locked(alarm);
	err = service_start_locked();
	if (!err) {
		alarm->period = period;
		insert_locked(alarm, deadline);
		err = arm_locked();
		if (err)
			remove_locked(alarm);
	}
	uspin_unlock(&lock);
	return err;
}

int alarm_set(struct alarm *alarm, uint64_t deadline)
{
	return set_alarm(alarm, deadline, 0);
}

int alarm_set_in(struct alarm *alarm, uint64_t ns)
{
	return set_alarm(alarm, clock_ns_in(ns), 0);
}

int alarm_set_every(struct alarm *alarm, uint64_t deadline, uint64_t period)
{
	return period ? set_alarm(alarm, deadline, period) : -EINVAL;
}

/* Take @alarm off whatever would ring it.  Was there something? */
static bool cancel_locked(struct alarm *alarm)
{
	bool was = alarm->set;

	remove_locked(alarm);
	return no_more_locked(alarm) || was;
}

static bool is_ringing_locked(struct alarm *alarm)
{
	struct ringing *r = ringing;

	while (r && r->alarm != alarm)
		r = r->next;
	return r;
}

bool alarm_cancel(struct alarm *alarm)
{
	bool was = false, inside;

	/* Ends with the handler; until then it may set the alarm again. */
	for (;;) {
		uspin_lock(&lock);
		was |= cancel_locked(alarm);
		inside = is_ringing_locked(alarm);
		uspin_unlock(&lock);
		/* Handlers that waited for each other would do so for ever. */
		if (!inside || notifs_masked())
			return was;
		cpu_relax();
	}
}

bool alarm_is_set(struct alarm *alarm)
{
	return read_once(alarm->set);
}
