/* ucq_order_vcores - many vcores send into one UCQ while one takes: every
 * message comes once, each sender's in its order.
 *
 * Scenario: cpus=2,4
 */
#include "test.h"

#define SENDERS	3
#define EACH	(20 * UCQ_SLOTS)

static struct event_queue *ev_q;

/* Message arg1 says who, arg2 which. */
static void *produce(void *who)
{
	struct event_msg msg = {
		.ev_type = EV_TEST,
		.ev_arg1 = (uint16_t)(uintptr_t)who,
	};

	for (; msg.ev_arg2 < EACH; msg.ev_arg2++) {
		msg.ev_arg4 = test_content(msg.ev_arg1 * EACH + msg.ev_arg2);
		sys_send_event(ev_q, &msg, 0);
	}
	return NULL;
}

TEST(ucq_order_vcores)
{
	uint32_t next[SENDERS] = { 0 }, right = 0, all = 0;
	struct uthread *sender[SENDERS];
	struct event_msg msg;
	struct test_patience patience;

	ev_q = get_eventq(EV_MBOX_UCQ);
	REQUIRE(test_vcores_upto(SENDERS + 1), "vcores");
	for (uintptr_t who = 0; who < SENDERS; who++)
		sender[who] = uthread_create(produce, (void *)who);
	patience = test_patience(TEST_PATIENCE);
	while (all < SENDERS * EACH && !test_lost_patience(&patience)) {
		while (mbox_get(ev_q->ev_mbox, &msg)) {
			right += msg.ev_arg2 == next[msg.ev_arg1]++;
			test_took(msg.ev_arg4);
			all++;
		}
		uthread_yield();	/* on one vcore, the senders' turn */
	}
	for (uint32_t who = 0; who < SENDERS; who++)
		uthread_join(sender[who], NULL);
	CHECK_EQ(all, SENDERS * EACH, "each-once");
	CHECK_EQ(right, SENDERS * EACH, "in-the-order-of-its-sender");
	test_contents("contents");
	CHECK(mbox_is_empty(ev_q->ev_mbox), "none-left");
	CHECK_EQ(test_refused(), 0, "nothing-refused");
}
