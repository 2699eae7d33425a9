/*
 * stress_child.h - the half of stress.h that things are done to.
 *
 * It takes the numbered messages of a round in vcore context, and nothing but
 * they, and the word how many there were, makes it go on: a message lost is a
 * round that does not end.  Meanwhile its own uthreads block, lock, sleep, set
 * alarms, send themselves messages and trade vcores, until the round is over.
 */
#pragma once

#include "alarm.h"
#include "life.h"
#include "usync.h"

/* What to do to it, and what it does: STRESS_MIX of a test is some of these. */
#define STRESS_SPAM	0x01	/* messages without a mailbox of their own */
#define STRESS_QUEUES	0x02	/* messages in UCQ, CEQ and bitmap, by INDIR */
#define STRESS_WORK	0x04	/* uthreads of the child's own */
#define STRESS_PREEMPT	0x08	/* take cores: one, all, now, after warning */
#define STRESS_CHANGE	0x10	/* vcores become others */
#define STRESS_SIGNAL	0x20
#define STRESS_KILL	0x40	/* the child itself, and others beside it */

/* Types of messages.  Numbered ones have the round in arg2, their number from 0
 * on in arg4; those of the CEQ add up, those of the bitmap melt into one. */
enum {
	STRESS_EV_SPAM = EV_NR_FIXED + 3,
	STRESS_EV_QUIET,	/* spam without an interrupt */
	STRESS_EV_RUN,		/* spam to a vcore that runs */
	STRESS_EV_UCQ,
	STRESS_EV_CEQ,
	STRESS_EV_BITMAP,
	STRESS_EV_SENT,		/* arg1: a type above; arg4: how many */
	STRESS_EV_SELF,		/* the child's own, into a UCQ */
	STRESS_EV_CHANGE,	/* its own: become another vcore */
	STRESS_EV_REPORT,	/* to the parent */
};

#define STRESS_KINDS	(STRESS_EV_SENT - STRESS_EV_SPAM)
#define STRESS_MAX	2048	/* messages of a kind in a round */
#define STRESS_WORKERS	6

/* What the child reports: arg1; the value is arg4. */
enum {
	STRESS_POSTED, STRESS_COALESCED, STRESS_HANDLED, STRESS_TAKEN,
	STRESS_PROGRESS, STRESS_ROUND, STRESS_REPORTS,
};

/* This round.  All atomic: */
static uint32_t stress_seen[STRESS_KINDS][STRESS_MAX / 32];
static uint64_t stress_came[STRESS_KINDS];
static uint64_t stress_due[STRESS_KINDS];	/* + 1; 0: not known yet */
static uint32_t stress_signalled;
static uint64_t stress_self_sent, stress_self_came, stress_progress;
static uint32_t stress_over;
static void *stress_gate;	/* main, waiting; or STRESS_COMPLETE */
#define STRESS_COMPLETE	((void *)1)

static struct event_queue *stress_self_evq;
static struct umutex stress_mutex;
static uint64_t stress_guarded[2];	/* equal, under stress_mutex */

/* --- Messages come ---------------------------------------------------------*/

static inline bool stress_has_all(uint32_t kind)
{
	uint64_t due = read_once(stress_due[kind]);
	uint64_t came = read_once(stress_came[kind]);

	if (kind + STRESS_EV_SPAM == STRESS_EV_BITMAP)
		return due && (due == 1 || came);
	return due && came + 1 >= due;
}

/* Has everything come?  Then main goes on. */
static inline void stress_look(void)
{
	void *waiting;

	for (uint32_t kind = 0; kind < STRESS_KINDS; kind++)
		if (!stress_has_all(kind))
			return;
	if (STRESS_MIX & STRESS_SIGNAL && !read_once(stress_signalled))
		return;
	waiting = atomic_swap_ptr(&stress_gate, STRESS_COMPLETE);
	if (waiting && waiting != STRESS_COMPLETE)
		uthread_runnable(waiting);
}

static inline void stress_on_message(struct event_msg *msg,
				     unsigned int ev_type, void *data)
{
	uint32_t kind = ev_type - STRESS_EV_SPAM;
	uint64_t number = msg->ev_arg4 % STRESS_MAX;
	uint32_t bit = 1U << number % 32;

	if (ev_type == STRESS_EV_CEQ) {
		atomic_fetch_add64(&stress_came[kind], msg->ev_arg4);
	} else if (ev_type == STRESS_EV_BITMAP) {
		atomic_fetch_add64(&stress_came[kind], 1);
	} else if (!(atomic_fetch_or32(&stress_seen[kind][number / 32], bit) &
		     bit)) {
		atomic_fetch_add64(&stress_came[kind], 1);
	} else if (ev_type == STRESS_EV_UCQ) {
		exit(10);	/* only what is spammed may come twice */
	}
	stress_look();
}

static inline void stress_on_sent(struct event_msg *msg, unsigned int ev_type,
				  void *data)
{
	write_once(stress_due[msg->ev_arg1 - STRESS_EV_SPAM],
		   msg->ev_arg4 + 1);
	full_fence();
	stress_look();
}

static inline void stress_on_self(struct event_msg *msg, unsigned int ev_type,
				  void *data)
{
	atomic_fetch_add64(&stress_self_came, 1);
}

/* Become any vcore that is not on a core; ours goes on when another helps it,
 * or it gets a core. */
static inline void stress_on_change(struct event_msg *msg,
				    unsigned int ev_type, void *data)
{
	uint32_t v = msg->ev_arg2 % max_vcores();

	if (read_once(vcpd_of(v)->flags) & VC_PREEMPTED)
		sys_change_vcore(v, false);
}

static inline void stress_on_usr1(int signo)
{
}

static inline void stress_on_usr2(int signo)
{
	write_once(stress_signalled, 1);
	full_fence();
	stress_look();
}

static inline bool stress_wait(struct uthread *uth, void *arg)
{
	return atomic_cas_ptr(&stress_gate, NULL, uth);
}

/* --- What it does meanwhile ------------------------------------------------*/

static inline void stress_on_alarm(struct alarm *alarm, void *data)
{
	usem_up(data);
}

/* Wait for an alarm, which has been set twice or once. */
static inline void stress_alarm(unsigned int *dice)
{
	struct alarm alarm;
	struct usem rang;

	usem_init(&rang, 0);
	alarm_init(&alarm, stress_on_alarm, &rang);
	alarm_set_in(&alarm, 1000UL + (uint32_t)rand_r(dice) % 300000);
	if (rand_r(dice) % 4 == 0 && alarm_cancel(&alarm))
		alarm_set_in(&alarm, 0);
	usem_down(&rang);
	alarm_cancel(&alarm);
}

static inline void stress_send_self(void)
{
	struct event_msg msg = { .ev_type = STRESS_EV_SELF };

	atomic_fetch_add64(&stress_self_sent, 1);
	sys_send_event(stress_self_evq, &msg, 0);
}

static inline void stress_guard(void)
{
	umutex_lock(&stress_mutex);
	stress_guarded[0]++;
	uthread_yield();
	if (++stress_guarded[1] != stress_guarded[0])
		exit(11);
	umutex_unlock(&stress_mutex);
}

static inline void stress_change(unsigned int *dice)
{
	struct event_msg msg = {
		.ev_type = STRESS_EV_CHANGE,
		.ev_arg2 = (uint32_t)rand_r(dice),
	};

	if (!(STRESS_MIX & STRESS_CHANGE))
		return;
	/* Into the public mailbox of the vcore that we are on: should it lose
	 * its core, others read it. */
	disable_notifs();
	sys_self_notify(vcore_id(), STRESS_EV_CHANGE, &msg, false);
	enable_notifs();
}

static inline void *stress_worker(void *arg)
{
	unsigned int dice = (unsigned int)(uint64_t)arg;

	while (!read_once(stress_over)) {
		atomic_fetch_add64(&stress_progress, 1);
		switch (rand_r(&dice) % 8) {
		case 0:
			usleep((uint32_t)rand_r(&dice) % 300);
			break;
		case 1:
			stress_alarm(&dice);
			break;
		case 2:
			stress_guard();
			break;
		case 3:
			stress_send_self();
			break;
		case 4:
			stress_change(&dice);
			break;
		case 5:
			for (int i = 0; i < 2000; i++)
				cpu_relax_bounded();
			break;
		default:
			uthread_yield();
		}
	}
	return NULL;
}

/* --- Rounds ----------------------------------------------------------------*/

static inline struct event_queue *stress_evq(uint32_t mbox, uint32_t flags)
{
	struct event_queue *ev_q = mbox == EV_MBOX_CEQ ? get_eventq_raw()
						       : get_eventq(mbox);

	if (!ev_q || (mbox == EV_MBOX_CEQ &&
		      ceq_init(&ev_q->ev_mbox->ceq, CEQ_ADD, MAX_NR_EVENT, 4)))
		exit(12);
	ev_q->ev_mbox->type = mbox;
	ev_q->ev_flags = flags | EVENT_INDIR | EVENT_SPAM_INDIR | EVENT_WAKEUP;
	return ev_q;
}

static inline void stress_open(void)
{
	uint32_t spam = EVENT_SPAM_PUBLIC | EVENT_WAKEUP;

	for (uint32_t type = STRESS_EV_SPAM; type < STRESS_EV_SENT; type++)
		register_ev_handler(type, stress_on_message, NULL);
	register_ev_handler(STRESS_EV_SENT, stress_on_sent, NULL);
	register_ev_handler(STRESS_EV_SELF, stress_on_self, NULL);
	register_ev_handler(STRESS_EV_CHANGE, stress_on_change, NULL);
	signal(SIGUSR1, stress_on_usr1);
	signal(SIGUSR2, stress_on_usr2);
	enable_kevent(STRESS_EV_SPAM, 0, spam | EVENT_IPI);
	enable_kevent(STRESS_EV_QUIET, 1, spam);
	enable_kevent(STRESS_EV_RUN, 0, spam | EVENT_IPI | EVENT_ROUNDROBIN |
					EVENT_VCORE_MUST_RUN);
	enable_kevent(STRESS_EV_SENT, 2, spam | EVENT_IPI);
	register_kevent_q(stress_evq(EV_MBOX_UCQ, EVENT_IPI), STRESS_EV_UCQ);
	register_kevent_q(stress_evq(EV_MBOX_CEQ, EVENT_ROUNDROBIN),
			  STRESS_EV_CEQ);
	register_kevent_q(stress_evq(EV_MBOX_BITMAP, EVENT_NOTHROTTLE),
			  STRESS_EV_BITMAP);
	stress_self_evq = stress_evq(EV_MBOX_UCQ, EVENT_IPI |
				     EVENT_ROUNDROBIN);
}

static inline void stress_count(uint64_t values[STRESS_REPORTS])
{
	memset(values, 0, STRESS_REPORTS * sizeof(*values));
	values[STRESS_POSTED] = read_once(procinfo->posted);
	values[STRESS_COALESCED] = read_once(procinfo->coalesced);
	values[STRESS_PROGRESS] = stress_progress;
	for (uint32_t v = 0; v < max_vcores(); v++) {
		values[STRESS_HANDLED] += read_once(vcpd_of(v)->nr_handled);
		values[STRESS_TAKEN] += procinfo->vcoremap[v].preempts_done;
	}
}

static inline bool stress_conserved(const uint64_t values[STRESS_REPORTS])
{
	return values[STRESS_POSTED] - values[STRESS_COALESCED] ==
	       values[STRESS_HANDLED] && stress_self_came == stress_self_sent;
}

static inline void stress_report(const uint64_t values[STRESS_REPORTS])
{
	struct event_msg msg = { .ev_type = STRESS_EV_REPORT };

	for (msg.ev_arg1 = 0; msg.ev_arg1 < STRESS_REPORTS; msg.ev_arg1++) {
		msg.ev_arg4 = values[msg.ev_arg1];
		if (sys_notify(getppid(), STRESS_EV_REPORT, &msg))
			exit(13);
	}
}

static inline void stress_reset(void)
{
	memset(stress_seen, 0, sizeof(stress_seen));
	memset(stress_came, 0, sizeof(stress_came));
	memset(stress_due, 0, sizeof(stress_due));
	stress_signalled = 0;
	stress_over = 0;
	stress_gate = NULL;
}

static inline void stress_one_round(void)
{
	uint64_t values[STRESS_REPORTS];
	struct uthread *workers[STRESS_WORKERS];
	uint32_t n = STRESS_MIX & STRESS_WORK ? life_roll(STRESS_WORKERS) : 0;

	for (uint32_t i = 0; i < n; i++)
		workers[i] = uthread_create(stress_worker, (void *)(uint64_t)
					    life_roll(RAND_MAX));
	uthread_block_unless(stress_wait, NULL);
	write_once(stress_over, 1);
	for (uint32_t i = 0; i < n; i++)
		uthread_join(workers[i], NULL);
	/* All that was posted must be taken.  Between two looks the process
	 * sleeps, so that a vcore that left with a message in its private
	 * mailbox is started. */
	while (stress_count(values), !stress_conserved(values))
		usleep(300);
	stress_reset();
	stress_report(values);
}

/* The child, until it is killed. */
static inline void stress_child(void)
{
	/* Sometimes more than there are. */
	uint32_t n = 1 + life_roll(procinfo->nr_cores + 1);
	const uint64_t nothing[STRESS_REPORTS] = { 0 };

	stress_open();
	if (vcore_request_total(n < max_vcores() ? n : max_vcores()))
		exit(14);
	stress_report(nothing);
	for (;;)
		stress_one_round();
}
