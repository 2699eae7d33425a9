/* flag_ipi - EVENT_IPI interrupts a uthread that only spins; without it the
 * same message waits for the next entry into vcore context. */
#include "test.h"

static uint32_t handled;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	write_once(handled, msg->ev_arg2);
}

TEST(flag_ipi)
{
	struct event_queue *ev_q = get_eventq_vcpd(0, 0);
	struct test_quiet quiet = { 0 };
	uint32_t early = 0, pending = 0;

	register_ev_handler(EV_TEST, on_test, NULL);
	while (test_disturbed(&quiet)) {
		write_once(handled, 0);
		test_send(ev_q, EV_TEST, 1);
		early = read_once(handled);
		pending = read_once(vcpd_of(0)->notif_pending);
	}
	CHECK_EQ(early, 0, "quiet-without");
	CHECK_EQ(pending, 1, "pending-without");

	ev_q->ev_flags = EVENT_IPI;
	test_send(ev_q, EV_TEST, 2);
	CHECK(WAIT(read_once(handled) == 2), "interrupted-with");
	CHECK(WAIT(!read_once(vcpd_of(0)->notif_pending)), "pending-cleared");
}
