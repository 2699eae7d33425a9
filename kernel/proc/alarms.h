/*
 * alarms.h - events at the times that a process asks for.
 *
 * Each is an alarm of the core that asked.  A process needs few: its library
 * serves any number of its own alarms with one.
 */
#pragma once

#include "abi/event.h"

struct proc;

#define PROC_MAX_ALARMS	64
#define PROC_MIN_PERIOD	100000		/* ns: the machine must get on, too */

/*
 * Send EV_ALARM to @u_ev_q at @deadline, and every @period ns from then on if
 * that is not 0.  The alarm's id, above 0; -EINVAL for a period that is too
 * short, or above INT64_MAX; -EAGAIN: too many; -ENOMEM.
 *
 * Context: kthread, no locks.
 */
int alarms_set(struct proc *p, struct event_queue *u_ev_q, uint64_t deadline,
	       uint64_t period, uint64_t data);

/* What an alarm is, for people. */
struct proc_alarm_info {
	uint32_t	id;
	uint64_t	deadline;
	uint64_t	period;
	struct event_queue *u_ev_q;
};

/* Fill in @info with the alarm of @p that has the next id after @info->id.
 * False: there is none.  Context: no wait_lock. */
bool alarms_next(struct proc *p, struct proc_alarm_info *info);

/* No more of alarm @id.  -ESRCH: there is none, or it has just rung. */
int alarms_cancel(struct proc *p, uint32_t id);

/* @p is dying.  Context: as above. */
void alarms_cancel_all(struct proc *p);
