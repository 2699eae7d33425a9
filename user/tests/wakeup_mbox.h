/*
 * wakeup_mbox.h - EVENT_WAKEUP alone wakes a sleeping process, whatever the
 * type of the mailbox that its message lies in: no interrupt, no indirection,
 * no mailbox of a vcore.
 */
#pragma once

#include "test.h"

static struct event_queue *wakeup_evq;
static uint32_t wakeup_got;

/* Nobody is told of the mailbox, so every start of the vcore looks. */
static void wakeup_look(void)
{
	struct event_msg msg;

	while (mbox_get(wakeup_evq->ev_mbox, &msg)) {
		wakeup_got += msg.ev_type == EV_SYSCALL;
		test_wake();
	}
	uthread_sched.entry();
}

/* Sleep until a message in a mailbox of @mbox_type has come. */
static inline void wakeup_from(uint32_t mbox_type)
{
	struct syscall sc;

	wakeup_evq = get_eventq(mbox_type);
	wakeup_evq->ev_flags = EVENT_WAKEUP;
	vcore_set_entry(wakeup_look);
	test_send_later(&sc, wakeup_evq, 20);
	CHECK(test_sleep(), "woken");
	CHECK_EQ(wakeup_got, 1, "message");
	CHECK_EQ(procinfo->refused[EVR_BAD_MBOX_TYPE], 0, "nothing-refused");
}
