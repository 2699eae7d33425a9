/* spam_scp - an event spammed to a single-core process is for vcore 0, which
 * ever was wanted.
 *
 * Scenario: cpus=1,4
 */
#include "crowd.h"

#define ROUNDS	50

TEST(spam_scp)
{
	bool handled = true;

	crowd_listen();
	for (uint32_t v = 0; handled && v < max_vcores(); v++) {
		struct event_queue *ev_q = crowd_evq(v, EVENT_SPAM_PUBLIC |
						     EVENT_IPI);

		for (int i = 0; i < ROUNDS; i++)
			crowd_send(ev_q);
		handled = WAIT(read_once(crowd_total) == (v + 1) * ROUNDS);
	}
	CHECK(handled, "handled");
	CHECK_EQ(crowd_handled[0], max_vcores() * ROUNDS, "by-vcore-0");
	CHECK(!procinfo->is_mcp, "still-single-core");
}
