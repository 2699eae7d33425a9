/* spam_must_run - EVENT_VCORE_MUST_RUN spams to the wanted vcore while it is on
 * a core, and otherwise to one that is, whatever the flags in user memory say.
 */
#include "crowd.h"

TEST(spam_must_run)
{
	struct event_queue *ev_q;

	if (!crowd_start(3))
		return;
	ev_q = crowd_evq(2, EVENT_SPAM_PUBLIC | EVENT_VCORE_MUST_RUN |
			 EVENT_IPI);
	crowd_send(ev_q);
	CHECK(WAIT(read_once(crowd_total) == 1), "handled");
	CHECK_EQ(crowd_handled[2], 1, "by-the-wanted");

	/* Absent, but it seems to read. */
	crowd_leave(2);
	atomic_fetch_or32(&vcpd_of(2)->flags, VC_CAN_RCV_MSG);
	crowd_send(ev_q);
	CHECK(WAIT(read_once(crowd_total) == 2), "handled-elsewhere");
	CHECK_EQ(crowd_handled[2], 1, "not-by-the-absent");

	/* Without the flag the kernel believes it, and the event waits. */
	ev_q->ev_flags &= ~EVENT_VCORE_MUST_RUN;
	crowd_send(ev_q);
	CHECK(!mbox_is_empty(&vcpd_of(2)->mbox_public), "waits-for-the-absent");
	CHECK_EQ(read_once(crowd_total), 2, "not-handled-yet");
	crowd_return(2);
	CHECK(WAIT(read_once(crowd_total) == 3), "handled-at-last");
	CHECK_EQ(crowd_handled[2], 2, "by-the-returned");
}
