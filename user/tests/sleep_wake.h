/*
 * sleep_wake.h - two processes that sleep until the other has sent a number.
 *
 * Each answers a number with the next one and yields its only vcore at once, so
 * every number meets a process that is asleep, or on its way there, or just
 * awake.  The counts must come out exactly.
 */
#pragma once

#include "family.h"

static uint64_t wake_next;		/* the number that must come */
static uint64_t wake_last;		/* the test knows, and tells */
static uint64_t wake_wrong;
static bool wake_over;
static int wake_peer;
static struct uthread *wake_main;	/* of the test: parked meanwhile */

static inline void wake_send(uint64_t number)
{
	struct event_msg msg = {
		.ev_type = EV_TEST,
		.ev_arg3 = (void *)wake_last,
		.ev_arg4 = number,
	};

	if (sys_notify(wake_peer, EV_TEST, &msg))
		exit(5);
}

/* Look at a number that came.  False: it was not the last. */
static inline bool wake_take(uint64_t number)
{
	wake_wrong += number != wake_next;
	wake_next = number + 2;
	if (number < wake_last)
		wake_send(number + 1);
	return number + 1 >= wake_last;
}

/* In the child, that gets the even numbers: the last one too. */
static inline void wake_on_even(struct event_msg *msg, unsigned int ev_type,
				void *data)
{
	wake_last = (uint64_t)msg->ev_arg3;
	if (wake_take(msg->ev_arg4))
		exit(wake_wrong ? 6 : 0);
}

static inline void wake_on_odd(struct event_msg *msg, unsigned int ev_type,
			       void *data)
{
	if (!wake_take(msg->ev_arg4))
		return;
	wake_over = true;
	if (wake_main)
		uthread_runnable(wake_main);
}

static inline void wake_sleep_now(void)
{
	run_current_uthread();
	if (wake_over)
		uthread_sched.entry();
	vcore_yield(false);
}

static inline void wake_listen(handle_event_t handler, bool many_core)
{
	register_ev_handler(EV_TEST, handler, NULL);
	vcore_set_entry(wake_sleep_now);
	if (many_core && vcore_request_total(1))
		exit(3);
	register_kevent_q(get_eventq_vcpd(0, EVENT_IPI | EVENT_WAKEUP),
			  EV_TEST);
}

/* The child has the first word. */
static inline void wake_child(void)
{
	wake_peer = getppid();
	wake_next = 2;
	wake_listen(wake_on_even, true);
	wake_send(1);
	family_park();
}

/* The test's main, in vcore context: wait until it is over. */
static inline void wake_wait(struct uthread *uth, void *arg)
{
	wake_main = uth;
	if (wake_over)
		uthread_runnable(uth);
}

/* The test: up to @last, or what the command line says; an even number. */
static inline void wake_run(uint64_t last, bool many_core)
{
	int32_t status;

	last = test_number(last) & ~1UL;
	wake_last = last;
	wake_next = 1;
	wake_listen(wake_on_odd, many_core);
	disable_notifs();
	wake_peer = test_start(wake_child);
	enable_notifs();
	uthread_block(wake_wait, NULL);
	vcore_set_entry(NULL);
	status = test_wait(wake_peer);
	CHECK_EQ(wake_next, last + 1, "numbers-here");
	CHECK_EQ(wake_wrong, 0, "in-order-here");
	CHECK_EQ(status, 0, "numbers-there");
	CHECK(procinfo->wakeups, "it-slept");
}
