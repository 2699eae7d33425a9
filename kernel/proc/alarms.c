/*
 * alarms.c - events at the times that a process asks for.
 *
 * An alarm that rings while another core cancels it belongs to the core that
 * it rings on: alarm_cancel() says which of the two it is, and `cancelled`,
 * under wait_lock, tells the ringing one to free it.
 */
#include "proc/alarms.h"

#include "abi/errno.h"
#include "arch/x86/timer.h"
#include "core/alarm.h"
#include "core/wait.h"
#include "event/event.h"
#include "mm/kmalloc.h"
#include "proc/proc.h"

struct proc_alarm {
	/* Fixed. */
	struct alarm	alarm;
	struct proc	*p;		/* a reference */
	struct event_queue *u_ev_q;
	uint64_t	period;
	uint64_t	data;
	uint32_t	id;
	/* wait_lock: */
	struct list	link;		/* on p->alarms */
	bool		cancelled;
};

static void proc_alarm_free(struct proc_alarm *pa)
{
	struct proc *p = pa->p;

	kfree(pa);
	proc_put(p);
}

static void proc_alarm_unlink(struct proc_alarm *pa)
{
	pa->cancelled = true;
	list_remove(&pa->link);
	pa->p->nr_alarms--;
}

static void proc_alarm_rings(struct alarm *alarm);

/* Is it to ring again?  A period that has passed already is not made up for. */
static bool proc_alarm_again(struct proc_alarm *pa)
{
	uint64_t flags = wait_lock_irqsave();
	uint64_t soonest = time_ns() + PROC_MIN_PERIOD;
	uint64_t next = pa->alarm.deadline + pa->period;
	bool again = !pa->cancelled && pa->period;

	if (again)
		alarm_set(&pa->alarm, next > soonest ? next : soonest,
			  proc_alarm_rings);
	else if (!pa->cancelled)
		proc_alarm_unlink(pa);
	wait_unlock_irqrestore(flags);
	return again;
}

static void proc_alarm_rings(struct alarm *alarm)
{
	struct proc_alarm *pa = list_entry(alarm, struct proc_alarm, alarm);
	struct event_msg msg = {
		.ev_type = EV_ALARM,
		.ev_arg2 = pa->id,
		.ev_arg3 = (void *)pa->data,
		.ev_arg4 = alarm->deadline,
	};
	struct event_queue *u_ev_q = pa->u_ev_q;
	struct proc *p = pa->p;

	proc_get(p);
	if (!read_once(pa->cancelled))
		send_event(p, u_ev_q, &msg, 0);
	if (!proc_alarm_again(pa))
		proc_alarm_free(pa);
	proc_put(p);
}

int alarms_set(struct proc *p, struct event_queue *u_ev_q, uint64_t deadline,
	       uint64_t period, uint64_t data)
{
	struct proc_alarm *pa;
	uint64_t flags;
	int id = -EAGAIN;

	/* A time that has come and a period must not wrap around together. */
	if (!u_ev_q || (period && period < PROC_MIN_PERIOD) ||
	    period > INT64_MAX)
		return -EINVAL;
	pa = kzalloc(sizeof(*pa));
	if (!pa)
		return -ENOMEM;
	*pa = (struct proc_alarm){ .p = p, .u_ev_q = u_ev_q,
				   .period = period, .data = data };
	proc_get(p);
	flags = wait_lock_irqsave();
	if (p->nr_alarms < PROC_MAX_ALARMS && !proc_is_dying(p)) {
		p->nr_alarms++;
		p->last_alarm = p->last_alarm % INT32_MAX + 1;
		id = pa->id = p->last_alarm;
		list_append(&p->alarms, &pa->link);
		alarm_set(&pa->alarm, deadline, proc_alarm_rings);
	}
	wait_unlock_irqrestore(flags);
	if (id < 0)
		proc_alarm_free(pa);
	return id;
}

bool alarms_next(struct proc *p, struct proc_alarm_info *info)
{
	uint64_t flags = wait_lock_irqsave();
	struct proc_alarm *next = NULL;

	list_for_each(l, &p->alarms) {
		struct proc_alarm *pa = list_entry(l, struct proc_alarm, link);

		if (pa->id > info->id && (!next || pa->id < next->id))
			next = pa;
	}
	if (next)
		*info = (struct proc_alarm_info){
			.id = next->id, .deadline = next->alarm.deadline,
			.period = next->period, .u_ev_q = next->u_ev_q,
		};
	wait_unlock_irqrestore(flags);
	return next;
}

/* Cancel the alarm with @id, the first if that is 0.  False: there is none.
 * In @in_time: its message, or the next of many, does not come. */
static bool alarms_cancel_one(struct proc *p, uint32_t id, bool *in_time)
{
	uint64_t flags = wait_lock_irqsave();
	struct proc_alarm *found = NULL;
	bool ours = false;

	list_for_each(l, &p->alarms) {
		struct proc_alarm *pa = list_entry(l, struct proc_alarm, link);

		if (id && pa->id != id)
			continue;
		found = pa;
		break;
	}
	if (found) {
		proc_alarm_unlink(found);
		ours = alarm_cancel(&found->alarm);
		*in_time = ours || found->period;
	}
	wait_unlock_irqrestore(flags);
	if (ours)
		proc_alarm_free(found);
	return found;
}

int alarms_cancel(struct proc *p, uint32_t id)
{
	bool in_time;

	return id && alarms_cancel_one(p, id, &in_time) && in_time ? 0 : -ESRCH;
}

void alarms_cancel_all(struct proc *p)
{
	bool in_time;

	while (alarms_cancel_one(p, 0, &in_time))
		;
}
