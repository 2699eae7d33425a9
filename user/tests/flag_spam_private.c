/* flag_spam_private - EVENT_VCORE_PRIVATE is about the message of an ev_q that
 * has no mailbox: what is spammed, and indirections, which any vcore may have
 * to read, go to the public mailbox all the same. */
#include "test.h"

/* Send by @flags: is the first message of the public mailbox then of @ev_type,
 * and nothing in the private one? */
static bool goes_public(struct event_queue *ev_q, uint32_t flags,
			uint32_t ev_type)
{
	struct event_msg msg;

	ev_q->ev_flags = flags | EVENT_VCORE_PRIVATE;
	write_once(ev_q->ev_alert_pending, 0);
	test_send(ev_q, EV_TEST, 1);
	return mbox_get(&vcpd_of(0)->mbox_public, &msg) &&
	       msg.ev_type == ev_type &&
	       mbox_is_empty(&vcpd_of(0)->mbox_private);
}

static void check_all(const char *fact)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	bool right;

	disable_notifs();
	right = goes_public(ev_q, EVENT_SPAM_PUBLIC, EV_TEST) &&
		goes_public(ev_q, EVENT_SPAM_PUBLIC | EVENT_VCORE_MUST_RUN,
			    EV_TEST) &&
		goes_public(ev_q, EVENT_INDIR, EV_EVENT) &&
		goes_public(ev_q, EVENT_INDIR | EVENT_SPAM_INDIR, EV_EVENT);
	enable_notifs();
	CHECK(right, fact);
}

TEST(flag_spam_private)
{
	check_all("single-core");
	REQUIRE(test_vcores(1), "request");
	check_all("many-core");
	CHECK_EQ(test_refused(), 0, "nothing-refused");
}
