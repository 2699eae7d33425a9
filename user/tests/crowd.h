/*
 * crowd.h - vcores that leave and come back when a test says so.
 *
 * The library's scheduler goes on to run uthreads; a vcore without one polls
 * its mailboxes until it is told to go.  What is handled is counted by the
 * vcore that did it.
 */
#pragma once

#include "test.h"

static uint32_t crowd_away[MAX_VCORES];		/* test: leave, vcore */
static uint32_t crowd_told[MAX_VCORES];		/* and has heard; its own */
static uint32_t crowd_handled[MAX_VCORES];	/* EV_TESTs; each its own */
static uint32_t crowd_total;			/* of them; atomic */

static inline void crowd_on_test(struct event_msg *msg, unsigned int ev_type,
				 void *data)
{
	crowd_handled[vcore_id()]++;
	atomic_fetch_add32(&crowd_total, 1);
}

static inline void crowd_entry(void)
{
	uint32_t vcoreid = vcore_id();

	/* Who is told looks at its events once more before it leaves: a script
	 * that was armed before may hold it there. */
	if (!read_once(crowd_away[vcoreid]))
		crowd_told[vcoreid] = 0;
	else if (!current_uthread() && crowd_told[vcoreid]++)
		vcore_yield(false);
	uthread_sched.entry();
}

static inline void crowd_runnable(struct uthread *uth)
{
	uthread_sched.runnable(uth);
}

static inline bool crowd_has_work(void)
{
	return uthread_sched.has_work();
}

/* Count EV_TESTs from here on. */
static inline void crowd_listen(void)
{
	register_ev_handler(EV_TEST, crowd_on_test, NULL);
}

/* Does @vcoreid read?  One that has a core may be on its way to its start. */
static inline bool crowd_reads(uint32_t vcoreid)
{
	return read_once(vcpd_of(vcoreid)->flags) & VC_CAN_RCV_MSG;
}

/*
 * Have vcores 0 to @n - 1 online and reading.  False: the machine is too small
 * for that, which is then all that the test can say.
 */
static inline bool crowd_start(uint32_t n)
{
	static const struct sched_ops ops = {
		.entry = crowd_entry,
		.runnable = crowd_runnable,
		.has_work = crowd_has_work,
	};

	crowd_listen();
	sched_set(&ops);
	if (!test_vcores(n)) {
		REQUIRE(procinfo->nr_cores <= n, "machine-too-small");
		return false;
	}
	for (uint32_t v = 0; v < n; v++)
		REQUIRE(WAIT(crowd_reads(v)), "vcore-reads");
	return true;
}

/* Vcore @vcoreid yields, and is next to start. */
static inline void crowd_leave(uint32_t vcoreid)
{
	write_once(crowd_away[vcoreid], 1);
	REQUIRE(WAIT(!vcore_is_mapped(vcoreid)), "vcore-leaves");
}

/* The vcore that left last comes back. */
static inline void crowd_return(uint32_t vcoreid)
{
	write_once(crowd_away[vcoreid], 0);
	vcore_request_more(1);
	REQUIRE(WAIT(vcore_is_mapped(vcoreid)), "vcore-returns");
}

/* An ev_q without a mailbox, for vcore @vcoreid. */
static inline struct event_queue *crowd_evq(uint32_t vcoreid, uint32_t flags)
{
	struct event_queue *ev_q = get_eventq_vcpd(vcoreid, flags);

	REQUIRE(ev_q, "ev_q");
	return ev_q;
}

static inline void crowd_send(struct event_queue *ev_q)
{
	struct event_msg msg = { .ev_type = EV_TEST };

	sys_send_event(ev_q, &msg, 0);
}
