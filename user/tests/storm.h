/*
 * storm.h - a parent that sends, and a child whose vcores come and go.
 *
 * The parent sends a burst and is then silent until the child has answered for
 * all of it: what the last message of a burst is lost to, no later one mends.
 * The child relays each message to itself once, from vcore context, so that
 * vcores send to each other too.  Its vcores ask for company and yield.
 *
 * A message may be seen twice (events.md, 3): the child counts each number
 * once, and what it took in all must be what was posted.
 */
#pragma once

#include "family.h"

#define STORM_BURST	8		/* longest */
#define STORM_MAX	(64 * 1024)	/* messages */

static struct event_queue *storm_evq;
static struct event_queue *storm_answers;	/* parent: a CEQ that adds up */
static uint32_t storm_seen[2][STORM_MAX / 32];	/* sent; relayed.  Atomic */
static uint64_t storm_nr;			/* numbers seen; atomic */
static struct uthread *storm_main;		/* parked until EV_USER_IPI */
static uint32_t storm_over;			/* EV_USER_IPI came; atomic */

/* Is it the first time? */
static inline bool storm_count(uint32_t relayed, uint64_t number)
{
	uint32_t bit = 1U << number % 32;

	return !(atomic_fetch_or32(&storm_seen[relayed][number / 32], bit) &
		 bit);
}

static inline void storm_on_test(struct event_msg *msg, unsigned int ev_type,
				 void *data)
{
	struct event_msg answer = { .ev_type = EV_TEST2, .ev_arg2 = 1 };
	struct event_msg relay = *msg;
	uint64_t nr;

	if (!storm_count(msg->ev_arg1, msg->ev_arg4))
		return;
	if (!msg->ev_arg1) {
		relay.ev_arg1 = 1;
		write_once(storm_evq->ev_vcore, msg->ev_arg4 % family_cores());
		sys_send_event(storm_evq, &relay, 0);
	}
	nr = atomic_fetch_add64(&storm_nr, 1) + 1;
	if (nr % 3 == 0 && num_vcores() < family_cores())
		vcore_request_more(1);
	if (sys_notify(getppid(), EV_TEST2, &answer))
		exit(2);
}

/* The end: let main look at the sums.  It may be seen twice, too. */
static inline void storm_on_end(struct event_msg *msg, unsigned int ev_type,
				void *data)
{
	if (!atomic_swap32(&storm_over, 1))
		uthread_runnable(storm_main);
}

static inline void storm_wait_end(struct uthread *uth, void *arg)
{
	storm_main = uth;
	register_kevent_q(get_eventq_vcpd(0, EVENT_SPAM_PUBLIC | EVENT_IPI |
					  EVENT_WAKEUP), EV_USER_IPI);
}

/*
 * Were all messages that were posted taken, some time after the last?
 *
 * Between two looks the process sleeps, so that a vcore that left with the
 * second copy of a message in its mailbox is started.
 */
static inline bool storm_conserved(void)
{
	return WAIT(read_once(procinfo->posted) -
		    read_once(procinfo->coalesced) == family_handled() ||
		    usleep(300));
}

/* The child: take what comes to @ev_q. */
static inline void storm_child(struct event_queue *ev_q)
{
	uint32_t n = family_cores();

	register_ev_handler(EV_TEST, storm_on_test, NULL);
	register_ev_handler(EV_USER_IPI, storm_on_end, NULL);
	storm_evq = ev_q;
	register_kevent_q(ev_q, EV_TEST);
	if (vcore_request_total(n))
		exit(3);
	uthread_block(storm_wait_end, NULL);
	if (!storm_conserved())
		exit(4);
}

/* The parent's ear: answers melt into their number, and interrupt nobody. */
static inline void storm_listen(void)
{
	struct event_queue *ev_q = get_eventq_raw();

	REQUIRE(ev_q && !ceq_init(&ev_q->ev_mbox->ceq, CEQ_ADD, MAX_NR_EVENT,
				  CEQ_DEFAULT_RING), "ear");
	ev_q->ev_mbox->type = EV_MBOX_CEQ;
	storm_answers = ev_q;
	register_kevent_q(ev_q, EV_TEST2);
}

/* Have @total messages been answered?  A look. */
static inline bool storm_answered(uint64_t total)
{
	struct event_msg msg;

	if (mbox_get(storm_answers->ev_mbox, &msg))
		family_heard += msg.ev_arg4;
	else if (procinfo->nr_cores == 1)
		sys_yield(true);
	return family_heard >= total;
}

/* The test: @bursts of them. */
static inline void storm(void (*child)(void), uint32_t bursts)
{
	uint32_t number = 0, answered = 0;
	int pid;

	storm_listen();
	pid = test_start(child);
	REQUIRE(family_reaches(pid, PROC_WAITING), "child-sleeps");
	for (uint32_t i = 0; i < bursts; i++) {
		uint32_t n = 1 + test_random(STORM_BURST);

		for (uint32_t k = 0; k < n; k++)
			family_send(pid, number++);
		if (!WAIT(storm_answered(2 * number)))
			break;
		answered++;
	}
	CHECK_EQ(answered, bursts, "bursts-handled");
	CHECK_EQ(family_heard, 2 * number, "each-once");
	sys_notify(pid, EV_USER_IPI, NULL);
	CHECK_EQ(test_wait(pid), 0, "posted-is-handled");
}
