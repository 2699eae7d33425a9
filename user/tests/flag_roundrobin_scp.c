/* flag_roundrobin_scp - EVENT_ROUNDROBIN in a single-core process is vcore 0
 * each time, wherever ev_vcore pointed, and whatever the caller suggests. */
#include "test.h"

TEST(flag_roundrobin_scp)
{
	struct event_queue *ev_q = get_eventq_slim();
	struct event_msg msg;
	uint32_t nr_here = 0;

	disable_notifs();
	ev_q->ev_flags = EVENT_ROUNDROBIN | EVENT_VCORE_APPRO;
	for (uint32_t i = 0; i < 5; i++) {
		ev_q->ev_vcore = i * 0x40000001;	/* and past any vcore */
		test_send(ev_q, EV_TEST, i);
		nr_here += mbox_get(&vcpd_of(0)->mbox_public, &msg) &&
			   msg.ev_arg2 == i && ev_q->ev_vcore == 0;
	}
	enable_notifs();
	CHECK_EQ(nr_here, 5, "vcore-0-each-time");
	CHECK_EQ(test_refused(), 0, "nothing-refused");
}
