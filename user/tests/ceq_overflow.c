/* ceq_overflow - ids that a full ring had no room for are found by recovery:
 * ten times the ring in ids, each comes once with all of its events. */
#include "test.h"

#define RING	4
#define IDS	(10 * RING)
#define ROUNDS	3

TEST(ceq_overflow)
{
	struct event_queue *ev_q = get_eventq_raw();
	struct ceq *ceq = &ev_q->ev_mbox->ceq;
	uint32_t seen[IDS] = { 0 }, right = 0, all = 0;
	struct event_msg msg;

	REQUIRE(!ceq_init(ceq, CEQ_ADD, IDS, RING), "init");
	ev_q->ev_mbox->type = EV_MBOX_CEQ;
	for (int round = 0; round < ROUNDS; round++) {
		for (uint32_t id = 0; id < IDS; id++)
			test_send(ev_q, id, id + 1);
	}
	CHECK_EQ(ceq->ring_overflowed, 1, "overflow-said");
	while (mbox_get(ev_q->ev_mbox, &msg)) {
		all++;
		seen[msg.ev_type] = msg.ev_arg2;
	}
	for (uint32_t id = 0; id < IDS; id++)
		right += seen[id] == ROUNDS * (id + 1);
	CHECK_EQ(all, IDS, "each-id-once");
	CHECK_EQ(right, IDS, "all-of-its-events");
	CHECK(mbox_is_empty(ev_q->ev_mbox), "empty");
	CHECK_EQ(ceq->ring_overflowed, 0, "overflow-over");

	/* The ring works again. */
	test_send(ev_q, 1, 5);
	CHECK(mbox_get(ev_q->ev_mbox, &msg) && msg.ev_arg2 == 5, "afterwards");
}
