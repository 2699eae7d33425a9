/* bad_mbox_type - a mailbox of no known type is refused and counted. */
#include "test.h"

TEST(bad_mbox_type)
{
	static const uint32_t types[] = { 0, 4, 99, 0x80000001, 0xffffffff };
	struct event_queue *ev_q = get_eventq_raw();
	struct event_mbox *mbox = ev_q->ev_mbox;
	uint64_t posted = procinfo->posted;
	uint32_t untouched = 0;

	for (int i = 0; i < 5; i++) {
		memset(mbox, 0, sizeof(*mbox));
		mbox->type = types[i];
		test_send(ev_q, EV_TEST, 1);
		untouched += mbox->type == types[i] && !mbox->ucq.prod_idx &&
			     !mbox->ucq.prod_overflow;
	}
	CHECK_EQ(procinfo->refused[EVR_BAD_MBOX_TYPE], 5, "refused");
	CHECK_EQ(procinfo->posted - posted, 0, "nothing-posted");
	CHECK_EQ(untouched, 5, "mailbox-untouched");

	/* A vcore that was never set up has no mailbox either. */
	ev_q = get_eventq_vcpd(procinfo->max_vcores - 1, EVENT_IPI);
	test_send(ev_q, EV_TEST, 1);
	CHECK_EQ(procinfo->refused[EVR_BAD_MBOX_TYPE], 6, "of-a-vcore");
}
