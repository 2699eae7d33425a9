/* handler_deregister_waits - deregister_ev_handler() in a uthread returns only
 * when no other vcore is inside the handler.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

#define ROUNDS	30

static uint32_t inside, calling, gone, too_late, nr_in;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	write_once(inside, 1);
	(void)WAIT(read_once(calling));
	for (int i = 0; i < 20000; i++)
		cpu_relax_bounded();
	if (read_once(gone))
		write_once(too_late, too_late + 1);
	write_once(nr_in, nr_in + 1);
}

static bool once(struct event_queue *ev_q)
{
	bool came;

	write_once(gone, 0);
	write_once(calling, 0);
	write_once(inside, 0);
	register_ev_handler(EV_TEST, on_test, NULL);
	disable_notifs();
	ev_q->ev_vcore = !vcore_id();
	enable_notifs();
	test_send(ev_q, EV_TEST, 0);
	came = WAIT(read_once(inside));
	write_once(calling, 1);
	deregister_ev_handler(EV_TEST, on_test, NULL);
	write_once(gone, 1);
	return came;
}

TEST(handler_deregister_waits)
{
	struct event_queue *ev_q = get_eventq_slim();
	uint32_t n = 0;

	ev_q->ev_flags = EVENT_VCORE_PRIVATE | EVENT_IPI;
	REQUIRE(test_vcores(2), "two-vcores");
	while (n < ROUNDS && once(ev_q))
		n++;
	CHECK_EQ(n, ROUNDS, "handler-entered");
	CHECK_EQ(nr_in, ROUNDS, "handler-left-before");
	CHECK_EQ(too_late, 0, "inside-after");
}
