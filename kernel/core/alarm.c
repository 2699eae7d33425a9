/*
 * alarm.c - something to do at a given time.
 *
 * The timer's interrupt only sends this core a routine message; the message
 * takes the alarms that are due off the chain, one by one, and calls them.
 */
#include "core/alarm.h"

#include "arch/x86/irq.h"
#include "arch/x86/timer.h"
#include "core/core.h"
#include "lib/panic.h"

/* Aim the timer at the first alarm.  Context: interrupts off. */
static void alarm_arm(struct core *core)
{
	uint64_t now = time_ns();

	if (!core->alarms)
		return;
	timer_arm(core->alarms->deadline > now ?
		  core->alarms->deadline - now : 0);
}

/* Take the first alarm off the chain if it is due. */
static struct alarm *alarm_take_due(struct core *core)
{
	uint64_t flags = irq_save();
	struct alarm *due = core->alarms;

	if (due && due->deadline <= time_ns()) {
		core->alarms = due->next;
		due->set = false;
	} else {
		due = NULL;
		alarm_arm(core);
	}
	irq_restore(flags);
	return due;
}

static void alarm_run(struct kmsg *msg)
{
	struct core *core = this_core();
	struct alarm *due;

	while ((due = alarm_take_due(core)))
		due->fn(due);
}

void alarm_init_core(void)
{
	kmsg_init(&this_core()->alarm_kmsg, KMSG_ROUTINE, alarm_run);
}

void alarm_set(struct alarm *alarm, uint64_t deadline, alarm_fn fn)
{
	struct core *core = this_core();
	struct alarm **link = &core->alarms;
	uint64_t flags = irq_save();

	assert(!alarm->set);
	alarm->deadline = deadline;
	alarm->fn = fn;
	alarm->set = true;
	while (*link && (*link)->deadline <= deadline)
		link = &(*link)->next;
	alarm->next = *link;
	*link = alarm;
	if (core->alarms == alarm)
		alarm_arm(core);
	irq_restore(flags);
}

void alarm_cancel(struct alarm *alarm)
{
	struct core *core = this_core();
	struct alarm **link = &core->alarms;
	uint64_t flags = irq_save();

	while (*link && *link != alarm)
		link = &(*link)->next;
	if (*link)
		*link = alarm->next;
	alarm->set = false;
	irq_restore(flags);
}

void alarm_interrupt(void)
{
	kmsg_send(core_id(), &this_core()->alarm_kmsg);
}
