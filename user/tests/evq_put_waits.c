/* evq_put_waits - put_eventq() returns only when no vcore is inside the ev_q's
 * handler any more.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

#define ROUNDS	30

static uint32_t inside, calling, put_done, too_late, nr_in;

/* Stay inside until the other vcore calls put, and then a while. */
static void on_evq(struct event_queue *ev_q)
{
	struct event_msg msg;

	while (mbox_get(ev_q->ev_mbox, &msg))
		;
	write_once(inside, 1);
	(void)WAIT(read_once(calling));
	for (int i = 0; i < 20000; i++)
		cpu_relax_bounded();
	if (read_once(put_done))
		write_once(too_late, too_late + 1);
	write_once(nr_in, nr_in + 1);
}

/* One life; false: nobody came to look. */
static bool live_once(void)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	bool came;

	write_once(put_done, 0);
	write_once(calling, 0);
	write_once(inside, 0);
	disable_notifs();
	ev_q->ev_vcore = !vcore_id();
	enable_notifs();
	ev_q->ev_handler = on_evq;
	ev_q->ev_flags = EVENT_INDIR;
	test_send(ev_q, EV_TEST, 0);
	came = WAIT(read_once(inside));
	write_once(calling, 1);
	put_eventq(ev_q);
	write_once(put_done, 1);
	return came;
}

TEST(evq_put_waits)
{
	uint32_t n = 0;

	REQUIRE(test_vcores(2), "two-vcores");
	while (n < ROUNDS && live_once())
		n++;
	CHECK_EQ(n, ROUNDS, "handler-entered");
	CHECK_EQ(nr_in, ROUNDS, "handler-left-before-put-returned");
	CHECK_EQ(too_late, 0, "in-use-after-put");
}
