/* bitmap_collapse - repeats of a type in a bitmap are one message, types are
 * kept apart, in no order, and no payload comes through. */
#include "test.h"

#define REPEATS	100

static const uint32_t types[] = { 0, 31, 32, MAX_NR_EVENT - 1 };

static void send(struct event_queue *ev_q, unsigned int ev_type)
{
	struct event_msg msg = {
		.ev_type = (uint16_t)ev_type,
		.ev_arg1 = 1,
		.ev_arg2 = 2,
		.ev_arg3 = &msg,
		.ev_arg4 = 4,
	};

	sys_send_event(ev_q, &msg, 0);
}

TEST(bitmap_collapse)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_BITMAP);
	uint64_t posted = procinfo->posted;
	uint64_t coalesced = procinfo->coalesced;
	uint32_t nr_msgs = 0, payload = 0, seen = 0;
	struct event_msg msg;

	for (int i = 0; i < REPEATS; i++)
		for (int t = 0; t < 4; t++)
			send(ev_q, types[t]);
	while (mbox_get(ev_q->ev_mbox, &msg)) {
		nr_msgs++;
		payload += msg.ev_arg1 || msg.ev_arg2 || msg.ev_arg3 ||
			   msg.ev_arg4;
		for (int t = 0; t < 4; t++)
			seen |= (uint32_t)(msg.ev_type == types[t]) << t;
	}
	CHECK_EQ(nr_msgs, 4, "one-message-a-type");
	CHECK_EQ(seen, 0xf, "types-differ");
	CHECK_EQ(payload, 0, "no-payload");
	CHECK_EQ(procinfo->posted - posted, 4 * REPEATS, "posted");
	CHECK_EQ(procinfo->coalesced - coalesced, 4 * REPEATS - 4,
		 "coalesced");
	CHECK(mbox_is_empty(ev_q->ev_mbox), "empty-again");
}
