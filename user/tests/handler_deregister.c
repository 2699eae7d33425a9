/* handler_deregister - a handler that was taken back is not called again, the
 * others are; the same function with other data is another handler. */
#include "test.h"

static uint32_t nr_calls[3], nr_done;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	nr_calls[(uintptr_t)data]++;
}

static void on_done(struct event_msg *msg, unsigned int ev_type, void *data)
{
	atomic_fetch_add32(&nr_done, 1);
}

static bool send_both(struct event_queue *ev_q)
{
	uint32_t before = read_once(nr_done);

	test_send(ev_q, EV_TEST, 0);
	test_send(ev_q, EV_TEST2, 0);
	return WAIT(read_once(nr_done) == before + 1);
}

TEST(handler_deregister)
{
	struct event_queue *ev_q = get_eventq_vcpd(0, EVENT_IPI);

	for (uintptr_t i = 0; i < 3; i++)
		register_ev_handler(EV_TEST, on_test, (void *)i);
	register_ev_handler(EV_TEST2, on_done, NULL);

	CHECK_EQ(deregister_ev_handler(EV_TEST, on_test, (void *)1), 0,
		 "taken-back");
	CHECK_EQ(deregister_ev_handler(EV_TEST, on_test, (void *)1), -ENOENT,
		 "only-once");
	CHECK_EQ(deregister_ev_handler(EV_TEST2, on_test, NULL), -ENOENT,
		 "not-of-another-type");
	CHECK_EQ(deregister_ev_handler(MAX_NR_EVENT, on_test, NULL), -ENOENT,
		 "no-such-type");
	CHECK(send_both(ev_q), "sent");
	CHECK_EQ(nr_calls[0], 1, "first-called");
	CHECK_EQ(nr_calls[1], 0, "second-not");
	CHECK_EQ(nr_calls[2], 1, "third-called");

	deregister_ev_handler(EV_TEST, on_test, (void *)0);
	deregister_ev_handler(EV_TEST, on_test, (void *)2);
	CHECK(send_both(ev_q), "sent-to-nobody");
	CHECK_EQ(nr_calls[0] + nr_calls[2], 2, "none-called");
}
