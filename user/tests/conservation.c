/* conservation - when all is quiet, posted less coalesced is handled, over all
 * kinds of mailboxes, indirections and spam. */
#include "test.h"

#define ROUNDS	100
#define QUEUES	6

static uint64_t nr_handled(void)
{
	uint64_t sum = 0;

	for (uint32_t v = 0; v < procinfo->max_vcores; v++)
		sum += read_once(vcpd_of(v)->nr_handled);
	return sum;
}

static bool balanced(void)
{
	return read_once(procinfo->posted) - read_once(procinfo->coalesced) ==
	       nr_handled();
}

static void make(struct event_queue **ev_q)
{
	for (uint32_t type = EV_MBOX_UCQ; type <= EV_MBOX_CEQ; type++) {
		*ev_q = get_eventq(type);
		(*ev_q++)->ev_flags = EVENT_INDIR | EVENT_IPI |
				      (type == EV_MBOX_CEQ ?
				       EVENT_NOTHROTTLE : EVENT_SPAM_INDIR);
	}
	*ev_q++ = get_eventq_vcpd(0, EVENT_IPI);
	*ev_q++ = get_eventq_vcpd(0, EVENT_VCORE_PRIVATE);
	*ev_q++ = get_eventq_vcpd(0, EVENT_SPAM_PUBLIC | EVENT_WAKEUP);
}

TEST(conservation)
{
	struct event_queue *ev_q[QUEUES];

	CHECK(WAIT(balanced()), "at-first");
	make(ev_q);
	for (int i = 0; i < ROUNDS; i++) {
		/* Half of it in bunches, so that some coalesce. */
		if (i % 2)
			disable_notifs();
		for (uint32_t n = 0; n < 3 * QUEUES; n++)
			test_send(ev_q[n % QUEUES], EV_TEST, 1);
		if (i % 2)
			enable_notifs();
	}
	sys_self_notify(0, EV_NONE, NULL, false);
	CHECK(WAIT(balanced()), "when-quiet");
	CHECK(procinfo->coalesced >= ROUNDS, "some-coalesced");
	CHECK(procinfo->throttled >= ROUNDS, "some-throttled");
	CHECK(procinfo->posted >= 3 * QUEUES * ROUNDS, "posted");
	CHECK_EQ(test_refused(), 0, "nothing-refused");
}
