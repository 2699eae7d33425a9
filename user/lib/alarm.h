/*
 * alarm.h - any number of alarms, on one alarm of the kernel's.
 *
 * A struct alarm is the program's: on a stack, in another struct, anywhere that
 * stays.  When its time has come its handler is called, once, in vcore context
 * on some vcore: it must return and may not block, but it may set and cancel
 * alarms, this one too, and make uthreads runnable.  The time of a struct alarm
 * that was only set once is over when its handler begins: the handler may free
 * it.  Times are those of clock_ns().
 *
 * An alarm is late by what the kernel and the process take to come to it, never
 * early, and alarms ring in the order of their times, as long as one vcore
 * handles them all.
 */
#pragma once

#include "abi/types.h"

struct alarm;
typedef void (*alarm_handler_t)(struct alarm *alarm, void *data);

struct alarm {
	/* Fixed by alarm_init(). */
	alarm_handler_t	handler;
	void		*data;
	/* The service's, under its lock. */
	uint64_t	deadline;
	uint64_t	period;		/* 0: it rings once */
	bool		set;		/* it is on the list: */
	struct alarm	*next;		/* by deadline */
};

/* Prepare @alarm, which nobody uses: it will call @handler(@alarm, @data). */
void alarm_init(struct alarm *alarm, alarm_handler_t handler, void *data);

/*
 * Have @alarm ring at @deadline; at once if that has passed.  One that was set
 * already now rings at the new time only.  If its handler is just running it is
 * called again, perhaps on another vcore before the first call is over.
 *
 * 0; or, without an alarm of the kernel's, -ENOMEM or -EAGAIN, and it is not
 * set.  Context: any.
 */
int alarm_set(struct alarm *alarm, uint64_t deadline);

/* The same, @ns nanoseconds from now. */
int alarm_set_in(struct alarm *alarm, uint64_t ns);

/*
 * The same, and then again every @period nanoseconds.  Times that have passed
 * when the handler returns are left out, so that a slow one is not called ever
 * after; and two calls are never under way at once.
 */
int alarm_set_every(struct alarm *alarm, uint64_t deadline, uint64_t period);

/*
 * Have @alarm not ring any more.  True: it was set, and a call was still to
 * come; false: it has rung, or was never set.
 *
 * In a uthread this returns when no other vcore is inside its handler: then
 * its memory is the caller's again.  In vcore context one may still be.
 */
bool alarm_cancel(struct alarm *alarm);

/* Is it set?  It may change at any time.  Context: any. */
bool alarm_is_set(struct alarm *alarm);
