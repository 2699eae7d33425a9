/*
 * alarm.c - something to do at a given time.
 *
 * The timer's interrupt only sends this core a routine message; the message
 * takes the alarms that are due off the chain, one by one, and calls them.
 * Those that become due meanwhile, or are set anew and due at once, are for the
 * next message; and that comes only after a rest, so that alarms that cost more
 * than there is time leave some to whoever else is here.
 */
#include "core/alarm.h"

#include "arch/x86/timer.h"
#include "core/core.h"
#include "lib/panic.h"
#include "sync/atomic.h"

#define REST_NS		50000	/* between two messages */

/* Aim the timer at the first alarm, but not before @soonest ns from now.
 * Context: alarm_lock. */
static void alarm_arm(struct core *core, uint64_t soonest)
{
	uint64_t now = time_ns();

	if (!core->alarms || core->alarms_ring)
		return;
	timer_arm(core->alarms->deadline > now + soonest ?
		  core->alarms->deadline - now : soonest);
}

/* Take the first alarm off the chain if it was due at @now; if not, they have
 * all rung, and the timer is set. */
static struct alarm *alarm_take_due(struct core *core, uint64_t now)
{
	uint64_t flags = spin_lock_irqsave(&core->alarm_lock);
	struct alarm *due = core->alarms;

	core->alarms_ring = due && due->deadline <= now;
	if (core->alarms_ring) {
		core->alarms = due->next;
		due->set = false;
	} else {
		due = NULL;
		alarm_arm(core, REST_NS);
	}
	spin_unlock_irqrestore(&core->alarm_lock, flags);
	return due;
}

static void alarm_run(struct kmsg *msg)
{
	struct core *core = this_core();
	uint64_t now = time_ns();
	struct alarm *due;

	while ((due = alarm_take_due(core, now)))
		due->fn(due);
}

void alarm_init_core(void)
{
	struct core *core = this_core();

	spin_init(&core->alarm_lock, "alarm", RANK_ALARM);
	kmsg_init(&core->alarm_kmsg, KMSG_ROUTINE, alarm_run);
}

void alarm_set(struct alarm *alarm, uint64_t deadline, alarm_fn fn)
{
	struct core *core = this_core();
	struct alarm **link = &core->alarms;
	uint64_t flags = spin_lock_irqsave(&core->alarm_lock);

	assert(!alarm->set);
	alarm->deadline = deadline;
	alarm->fn = fn;
	alarm->coreid = core->pc.coreid;
	alarm->set = true;
	while (*link && (*link)->deadline <= deadline)
		link = &(*link)->next;
	alarm->next = *link;
	*link = alarm;
	if (core->alarms == alarm)
		alarm_arm(core, 0);
	spin_unlock_irqrestore(&core->alarm_lock, flags);
}

bool alarm_cancel(struct alarm *alarm)
{
	struct core *core = core_of(read_once(alarm->coreid));
	struct alarm **link = &core->alarms;
	uint64_t flags = spin_lock_irqsave(&core->alarm_lock);
	bool was_set = alarm->set;

	while (*link && *link != alarm)
		link = &(*link)->next;
	if (*link)
		*link = alarm->next;
	alarm->set = false;
	spin_unlock_irqrestore(&core->alarm_lock, flags);
	return was_set;
}

void alarm_interrupt(void)
{
	kmsg_send(core_id(), &this_core()->alarm_kmsg);
}
