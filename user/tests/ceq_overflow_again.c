/* ceq_overflow_again - events that come while recovery is half done are not
 * lost, whether their ids lie before or behind where it stands. */
#include "test.h"

#define RING	2
#define IDS	16

static uint32_t taken[IDS];

/* Take @n messages, or as many as there are. */
static uint32_t take(struct event_queue *ev_q, uint32_t n)
{
	struct event_msg msg;
	uint32_t got = 0;

	while (got < n && mbox_get(ev_q->ev_mbox, &msg)) {
		taken[msg.ev_type] += msg.ev_arg2;
		got++;
	}
	return got;
}

TEST(ceq_overflow_again)
{
	struct event_queue *ev_q = get_eventq_raw();
	struct ceq *ceq = &ev_q->ev_mbox->ceq;
	uint32_t right = 0;

	REQUIRE(!ceq_init(ceq, CEQ_ADD, IDS, RING), "init");
	ev_q->ev_mbox->type = EV_MBOX_CEQ;
	for (uint32_t id = 0; id < IDS; id++)
		test_send(ev_q, id, 1);
	/* The ring's two, and recovery has begun. */
	CHECK_EQ(take(ev_q, RING + 4), RING + 4, "half");
	for (uint32_t id = 0; id < IDS; id++)
		test_send(ev_q, id, 10);
	/* And once more, with the ring full from the beginning. */
	take(ev_q, 3);
	for (uint32_t id = 0; id < IDS; id++)
		test_send(ev_q, id, 100);
	take(ev_q, 10 * IDS);
	for (uint32_t id = 0; id < IDS; id++)
		right += taken[id] == 111;
	CHECK_EQ(right, IDS, "nothing-lost");
	CHECK(mbox_is_empty(ev_q->ev_mbox), "empty");
}
