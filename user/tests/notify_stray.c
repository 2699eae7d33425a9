/* notify_stray - a notification without a message is harmless: to a vcore that
 * runs, is masked, has yielded, or has never been.
 */
#include "crowd.h"

#define STRAYS	2000

TEST(notify_stray)
{
	uint64_t handled, refused;

	if (!crowd_start(3))
		return;
	crowd_leave(2);
	handled = vcpd_of(0)->nr_handled + vcpd_of(1)->nr_handled;
	refused = test_refused();
	for (uint32_t i = 0; i < STRAYS; i++)
		sys_self_notify(i % 5 == 4 ? max_vcores() - 1 : i % 5 % 3,
				EV_NONE, NULL, true);
	CHECK(WAIT(!read_once(vcpd_of(1)->notif_pending)), "looked");
	CHECK_EQ(vcpd_of(0)->nr_handled + vcpd_of(1)->nr_handled, handled,
		 "nothing-handled");
	CHECK_EQ(test_refused(), refused, "nothing-refused");
	CHECK_EQ(sys_self_notify(max_vcores(), EV_NONE, NULL, true), -1,
		 "no-such-vcore");
	CHECK(!vcore_is_mapped(2), "stays-away");
	/* The one that has never been can still be started. */
	crowd_send(crowd_evq(1, EVENT_IPI));
	CHECK(WAIT(read_once(crowd_total) == 1), "still-works");
	CHECK_EQ(crowd_handled[1], 1, "by-its-vcore");
}
