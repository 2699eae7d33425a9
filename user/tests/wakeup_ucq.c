/* wakeup_ucq - EVENT_WAKEUP alone wakes a sleeping process whose message
 * lies in a UCQ: no interrupt, no indirection, no mailbox of a vcore. */
#include "test.h"

static struct event_queue *ev_q;
static uint32_t got;

/* Nobody is told of the mailbox, so every start of the vcore looks. */
static void look_and_schedule(void)
{
	struct event_msg msg;

	while (mbox_get(ev_q->ev_mbox, &msg)) {
		got += msg.ev_type == EV_SYSCALL;
		test_wake();
	}
	uthread_sched.entry();
}

TEST(wakeup_ucq)
{
	struct syscall sc;

	ev_q = get_eventq(EV_MBOX_UCQ);
	ev_q->ev_flags = EVENT_WAKEUP;
	vcore_set_entry(look_and_schedule);
	test_send_later(&sc, ev_q, 20);
	CHECK(test_sleep(), "woken");
	CHECK_EQ(got, 1, "message");
	CHECK_EQ(procinfo->refused[EVR_BAD_MBOX_TYPE], 0, "nothing-refused");
}
