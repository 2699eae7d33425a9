/*
 * sys_event.c - system calls about events and waiting.
 */
#include "syscall/syscall.h"

#include "abi/errno.h"
#include "arch/x86/timer.h"
#include "core/alarm.h"
#include "core/wait.h"
#include "event/event.h"
#include "mm/usercopy.h"
#include "proc/alarms.h"
#include "proc/notify.h"
#include "proc/proc.h"

/* The user's message at @u_msg, or one that says only @type if that is null. */
static int copy_msg(struct event_msg *msg, uint64_t u_msg, uint64_t type)
{
	*msg = (struct event_msg){ .ev_type = type };
	if (!u_msg)
		return 0;
	return copy_from_user(msg, (void *)u_msg, sizeof(*msg));
}

/* (pid, ev_type, msg *) */
int64_t sys_notify(struct proc *p, const uint64_t *args)
{
	struct event_msg msg;
	struct proc *target;
	int64_t err = 0;

	if (args[1] >= MAX_NR_EVENT)
		return -EINVAL;
	if (copy_msg(&msg, args[2], args[1]))
		return -EFAULT;
	msg.ev_type = args[1];
	target = proc_lookup(args[0]);
	if (!target)
		return -ESRCH;
	if (target != p && target->ppid != p->pid && p->ppid != target->pid)
		err = -EPERM;
	else
		send_kernel_event(target, &msg, 0);
	proc_put(target);
	return err;
}

/* (vcoreid, ev_type, msg * or 0, private) */
int64_t sys_self_notify(struct proc *p, const uint64_t *args)
{
	uint32_t vcoreid = args[0];
	struct event_msg msg;

	if (args[0] >= p->max_vcores || args[1] > UINT16_MAX)
		return -EINVAL;
	if (copy_msg(&msg, args[2], args[1]))
		return -EFAULT;
	if (args[1] != EV_NONE) {
		msg.ev_type = args[1];
		post_vcore_event(p, &msg, vcoreid,
				 args[3] ? EVENT_VCORE_PRIVATE : 0);
	}
	proc_notify(p, vcoreid);
	return 0;
}

/* (ev_q, msg *, vcoreid) */
int64_t sys_send_event(struct proc *p, const uint64_t *args)
{
	struct event_msg msg;

	if (!args[0])
		return -EINVAL;
	if (copy_from_user(&msg, (void *)args[1], sizeof(msg)))
		return -EFAULT;
	send_event(p, (struct event_queue *)args[0], &msg,
		   args[2] < UINT32_MAX ? args[2] : UINT32_MAX);
	return 0;
}

struct sleeper {
	struct alarm	alarm;
	struct waitq	wq;
	bool		rang;		/* wait_lock */
};

static void sleeper_rings(struct alarm *alarm)
{
	struct sleeper *s = list_entry(alarm, struct sleeper, alarm);
	uint64_t flags = wait_lock_irqsave();

	s->rang = true;
	waitq_wake(&s->wq);
	wait_unlock_irqrestore(flags);
}

/* (usec) */
int64_t sys_block(struct proc *p, const uint64_t *args)
{
	struct sleeper s = { .rang = false };
	uint64_t flags;
	int err = 0;

	if (args[0] > UINT64_MAX / 2000)
		return -EINVAL;
	waitq_init(&s.wq);
	alarm_set(&s.alarm, time_ns() + args[0] * 1000, sleeper_rings);
	flags = wait_lock_irqsave();
	while (!s.rang && !err)
		err = waitq_sleep(&s.wq, &flags);
	wait_unlock_irqrestore(flags);
	/* We are on the core where it was set, so it is not ringing now. */
	alarm_cancel(&s.alarm);
	return err;
}

/* (struct syscall *) */
int64_t sys_abort(struct proc *p, const uint64_t *args)
{
	if (!args[0])
		return -EINVAL;
	return wait_abort(p, (struct syscall *)args[0]) ? 0 : -ESRCH;
}

/* (ev_q, deadline_ns, period_ns or 0, data) */
int64_t sys_alarm_set(struct proc *p, const uint64_t *args)
{
	return alarms_set(p, (struct event_queue *)args[0], args[1], args[2],
			  args[3]);
}

/* (id) */
int64_t sys_alarm_cancel(struct proc *p, const uint64_t *args)
{
	return alarms_cancel(p, args[0]);
}
