/* wakeup_pending - EVENT_WAKEUP marks the chosen vcore as pending, whichever
 * mailbox the message lies in, so that it cannot fall asleep; without the flag
 * a quiet message does not.  A single-core process has one vcore to mark.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

/* Send to a mailbox of @type, meant for @vcoreid; is our vcore pending
 * afterwards? */
static uint32_t pending_after(uint32_t type, uint32_t flags, uint32_t vcoreid)
{
	struct event_queue *ev_q = get_eventq(type);
	struct vcpd *vcpd = vcpd_of(0);
	uint32_t pending;

	ev_q->ev_flags = flags;
	ev_q->ev_vcore = vcoreid;
	disable_notifs();
	write_once(vcpd->notif_pending, 0);
	test_send(ev_q, EV_TEST, 1);
	pending = read_once(vcpd->notif_pending);
	enable_notifs();
	return pending;
}

TEST(wakeup_pending)
{
	uint32_t last = max_vcores() - 1;

	CHECK_EQ(pending_after(EV_MBOX_UCQ, EVENT_WAKEUP, 0), 1, "ucq");
	CHECK_EQ(pending_after(EV_MBOX_BITMAP, EVENT_WAKEUP, 0), 1, "bitmap");
	CHECK_EQ(pending_after(EV_MBOX_CEQ, EVENT_WAKEUP, 0), 1, "ceq");
	CHECK_EQ(pending_after(EV_MBOX_UCQ, 0, 0), 0, "not-without-the-flag");
	CHECK_EQ(pending_after(EV_MBOX_UCQ, EVENT_WAKEUP, last), 1,
		 "meant-for-another");
	CHECK_EQ(procinfo->wakeups, 0, "nobody-slept");
}
