/* alert_race - however sending and acknowledging fall together, no message
 * stays in a throttled ev_q that nobody looks at.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

#define ROUNDS	4000

static uint32_t nr_taken[3];		/* by type of mailbox - 1 */

static void on_evq(struct event_queue *ev_q)
{
	uint32_t which = ev_q->ev_mbox->type - 1;
	struct event_msg msg;

	while (mbox_get(ev_q->ev_mbox, &msg))
		write_once(nr_taken[which], nr_taken[which] + msg.ev_type);
}

/* One message at a time, each waited for: the next one is sent just as the
 * other vcore is about to leave its mailbox. */
static uint32_t ping(struct event_queue *ev_q, uint32_t which)
{
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		test_send(ev_q, 1, 1);
		if (!WAIT(read_once(nr_taken[which]) >= i))
			return i - 1;
	}
	return ROUNDS;
}

TEST(alert_race)
{
	static const char *const facts[] = { "ucq", "bitmap", "ceq" };
	uint32_t me;

	REQUIRE(test_vcores(2), "two-vcores");
	for (uint32_t which = 0; which < 3; which++) {
		struct event_queue *ev_q = get_eventq(which + 1);

		/* The vcore without a uthread polls; we stay on ours. */
		disable_notifs();
		me = vcore_id();
		ev_q->ev_vcore = !me;
		ev_q->ev_flags = EVENT_INDIR;
		ev_q->ev_handler = on_evq;
		CHECK_EQ(ping(ev_q, which), ROUNDS, facts[which]);
		enable_notifs();
	}
	CHECK_EQ(test_refused(), 0, "nothing-refused");
}
