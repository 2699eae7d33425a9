/*
 * alarm.h - something to do at a given time.
 *
 * Each core has a chain of alarms, soonest first, and sets its timer to the
 * first.  An alarm rings on the core where it was set, as a routine message,
 * so its function may send events and wake threads; code on that core which
 * is not interruptible by routine messages needs no lock against it.
 */
#pragma once

#include "abi/types.h"

struct alarm;
typedef void (*alarm_fn)(struct alarm *alarm);

struct alarm {
	/* The lock of its core's chain: */
	struct alarm	*next;
	uint64_t	deadline;	/* time_ns() */
	alarm_fn	fn;
	uint32_t	coreid;		/* whose chain; fixed while set */
	bool		set;
};

/* Prepare this core's chain.  Context: once on each core. */
void alarm_init_core(void);

/*
 * Call @fn at @deadline (time_ns()) or soon after, on this core.
 *
 * Context: this core, any but interrupts; @alarm is not set.
 */
void alarm_set(struct alarm *alarm, uint64_t deadline, alarm_fn fn);

/*
 * Take @alarm back.  False: it was not set, or it is ringing: then its
 * function has been called or will be, on the core that set it; on that core
 * itself it has returned.
 *
 * Context: any core, any but interrupts.
 */
bool alarm_cancel(struct alarm *alarm);

/* The timer went off.  Context: VEC_TIMER, interrupts off. */
void alarm_interrupt(void);
