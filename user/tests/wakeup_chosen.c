/* wakeup_chosen - in a many-core process EVENT_WAKEUP marks the vcore that was
 * chosen as pending, and no other: also one that is offline.
 *
 * Scenario: cpus=2,4
 */
#include "test.h"

#define OTHER	1U		/* it is ready, and wants no core */

/* Have a message lie in a mailbox, for @vcoreid.  Which vcores are pending
 * then, a bit each. */
static uint32_t pending_for(uint32_t vcoreid, uint32_t flags)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_BITMAP);
	uint32_t pending = 0;

	ev_q->ev_vcore = vcoreid;
	ev_q->ev_flags = flags;
	disable_notifs();
	for (uint32_t v = 0; v <= OTHER; v++)
		write_once(vcpd_of(v)->notif_pending, 0);
	test_send(ev_q, EV_TEST, 1);
	for (uint32_t v = 0; v <= OTHER; v++)
		pending |= read_once(vcpd_of(v)->notif_pending) << v;
	write_once(vcpd_of(OTHER)->notif_pending, 0);
	enable_notifs();
	return pending;
}

TEST(wakeup_chosen)
{
	REQUIRE(test_vcores(1), "many-core");
	CHECK_EQ(pending_for(0, EVENT_WAKEUP), 1U << 0, "ours");
	CHECK_EQ(pending_for(OTHER, EVENT_WAKEUP), 1U << OTHER, "another");
	CHECK_EQ(pending_for(OTHER, 0), 0, "none-without-the-flag");
	CHECK_EQ(procinfo->wakeups, 0, "nobody-slept");
}
