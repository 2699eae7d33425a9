/* handler_several - all handlers of a type get each of its messages, the last
 * registered first, each with its own data; other types get none. */
#include "test.h"

static char order[16];
static uint32_t nr_calls, nr_done;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	if (nr_calls < sizeof(order) - 1)
		order[nr_calls++] = *(char *)data;
}

static void on_done(struct event_msg *msg, unsigned int ev_type, void *data)
{
	atomic_fetch_add32(&nr_done, 1);
}

TEST(handler_several)
{
	struct event_queue *ev_q = get_eventq_vcpd(0, EVENT_IPI);

	register_ev_handler(EV_TEST, on_test, "a");
	register_ev_handler(EV_TEST, on_test, "b");
	register_ev_handler(EV_TEST, on_test, "c");
	register_ev_handler(EV_TEST2, on_done, NULL);
	test_send(ev_q, EV_TEST, 0);
	test_send(ev_q, EV_TEST2, 0);
	CHECK(WAIT(read_once(nr_done) == 1), "other-type-only-its-own");
	CHECK(!strcmp(order, "cba"), "last-comes-first");
	CHECK_EQ(register_ev_handler(MAX_NR_EVENT, on_test, NULL), -EINVAL,
		 "no-such-type");
	CHECK_EQ(register_ev_handler(EV_TEST, NULL, NULL), -EINVAL,
		 "no-handler");
	/* Nobody registered for this one, and it is no harm. */
	test_send(ev_q, 65535, 0);
	test_send(ev_q, EV_TEST2, 0);
	CHECK(WAIT(read_once(nr_done) == 2), "strange-type-is-skipped");
}
