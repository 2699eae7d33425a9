/* flag_roundrobin_hole - EVENT_ROUNDROBIN passes over a vcore that is offline
 * and comes to those behind it.
 */
#include "crowd.h"

#define ROUNDS	20

TEST(flag_roundrobin_hole)
{
	struct event_queue *ev_q;
	uint32_t turns = 0;

	if (!crowd_start(3))
		return;
	crowd_leave(1);
	ev_q = crowd_evq(0, EVENT_ROUNDROBIN | EVENT_IPI);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		crowd_send(ev_q);
		turns += ev_q->ev_vcore == (i % 2 ? 0 : 2);
	}
	CHECK_EQ(turns, ROUNDS, "each-in-its-turn");
	CHECK(WAIT(read_once(crowd_total) == ROUNDS), "all-handled");
	CHECK_EQ(crowd_handled[2], ROUNDS / 2, "half-of-them-by-vcore-2");
}
