/* spam_wanted_reads - a spammed event goes to the wanted vcore if that one
 * reads its mailbox.
 */
#include "crowd.h"

#define ROUNDS	100

TEST(spam_wanted_reads)
{
	struct event_queue *ev_q;

	if (!crowd_start(3))
		return;
	for (uint32_t v = 1; v < 3; v++) {
		ev_q = crowd_evq(v, EVENT_SPAM_PUBLIC | EVENT_IPI);
		for (int i = 0; i < ROUNDS; i++)
			crowd_send(ev_q);
	}
	CHECK(WAIT(read_once(crowd_total) == 2 * ROUNDS), "all-handled");
	CHECK_EQ(crowd_handled[0], 0, "by-vcore-0");
	CHECK_EQ(crowd_handled[1], ROUNDS, "by-vcore-1");
	CHECK_EQ(crowd_handled[2], ROUNDS, "by-vcore-2");
}
