/* handler_deregister_self - a handler may take itself back while it runs, and
 * those behind it still get the message. */
#include "test.h"

static uint32_t nr_once, nr_behind;

static void behind(struct event_msg *msg, unsigned int ev_type, void *data)
{
	atomic_fetch_add32(&nr_behind, 1);
}

static void once(struct event_msg *msg, unsigned int ev_type, void *data)
{
	nr_once++;
	deregister_ev_handler(EV_TEST, once, NULL);
}

TEST(handler_deregister_self)
{
	struct event_queue *ev_q = get_eventq_vcpd(0, EVENT_IPI);

	register_ev_handler(EV_TEST, behind, NULL);
	register_ev_handler(EV_TEST, once, NULL);
	for (uint32_t i = 1; i <= 3; i++) {
		test_send(ev_q, EV_TEST, 0);
		CHECK(WAIT(read_once(nr_behind) == i), "behind-it-each-time");
	}
	CHECK_EQ(nr_once, 1, "itself-once");
}
