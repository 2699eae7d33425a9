/* ceq_or - events on one id of a CEQ between two reads are one message: their
 * arg2s ORed and the last arg3. */
#include "test.h"

static void send(struct event_queue *ev_q, unsigned int id, uint32_t arg2,
		 uintptr_t arg3)
{
	struct event_msg msg = {
		.ev_type = (uint16_t)id,
		.ev_arg2 = arg2,
		.ev_arg3 = (void *)arg3,
	};

	sys_send_event(ev_q, &msg, 0);
}

TEST(ceq_or)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_CEQ);
	uint64_t coalesced = procinfo->coalesced;
	uint64_t posted = procinfo->posted;
	struct event_msg msg;

	send(ev_q, 7, 0x01, 1);
	send(ev_q, 9, 0x100, 10);
	send(ev_q, 7, 0x80000000, 2);
	send(ev_q, 7, 0x01, 3);

	CHECK(mbox_get(ev_q->ev_mbox, &msg), "first");
	CHECK_EQ(msg.ev_type, 7, "first-id");
	CHECK_EQ(msg.ev_arg2, 0x80000001, "first-ored");
	CHECK_EQ(msg.ev_arg3, 3, "first-last-blob");
	CHECK(mbox_get(ev_q->ev_mbox, &msg), "second");
	CHECK_EQ(msg.ev_type, 9, "second-id");
	CHECK_EQ(msg.ev_arg2, 0x100, "second-alone");
	CHECK(!mbox_get(ev_q->ev_mbox, &msg), "no-third");

	/* What was read is gone. */
	send(ev_q, 7, 0x10, 4);
	CHECK(mbox_get(ev_q->ev_mbox, &msg), "again");
	CHECK_EQ(msg.ev_arg2, 0x10, "read-is-gone");
	CHECK_EQ(procinfo->posted - posted, 5, "posted");
	CHECK_EQ(procinfo->coalesced - coalesced, 2, "coalesced");
}
