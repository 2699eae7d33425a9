/* ucq_two_consumers - several vcores take from one UCQ at once, also while
 * more is sent: each message is taken once, across the ends of pages.
 *
 * Scenario: cpus=4
 */
#include "test.h"

#define VCORES		4
#define ROUNDS		12
#define IN_ROUND	(3 * UCQ_SLOTS)
#define MESSAGES	(ROUNDS * IN_ROUND)

static struct event_queue *ev_q;
static uint32_t nr_taken[MESSAGES];	/* atomic */
static uint32_t nr_all;			/* atomic */
static uint32_t nr_backwards;		/* atomic */
static uint32_t closed, over;

/* What one consumer gets comes in order, though with gaps. */
static void *consume(void *arg)
{
	struct event_msg msg;
	uint32_t next = 0;

	while (!read_once(over)) {
		if (read_once(closed) || !mbox_get(ev_q->ev_mbox, &msg))
			continue;
		atomic_fetch_add32(&nr_taken[msg.ev_arg2], 1);
		if (msg.ev_arg2 < next)
			atomic_fetch_add32(&nr_backwards, 1);
		next = msg.ev_arg2 + 1;
		atomic_fetch_add32(&nr_all, 1);
	}
	return NULL;
}

/* Every other round only the last third is sent while the others take: before
 * that they stand in front of full pages. */
static bool play(uint32_t round)
{
	uint32_t first = round * IN_ROUND;

	write_once(closed, round % 2);
	for (uint32_t i = 0; i < IN_ROUND; i++) {
		if (i == 2 * UCQ_SLOTS)
			write_once(closed, 0);
		test_send(ev_q, EV_TEST, first + i);
	}
	return WAIT(read_once(nr_all) >= first + IN_ROUND);
}

TEST(ucq_two_consumers)
{
	struct uthread *consumer[VCORES];
	uint32_t n, once = 0;

	ev_q = get_eventq(EV_MBOX_UCQ);
	n = test_vcores_upto(VCORES);
	REQUIRE(n > 1, "vcores");
	for (uint32_t i = 1; i < n; i++)
		consumer[i] = uthread_create(consume, NULL);
	for (uint32_t round = 0; round < ROUNDS; round++)
		REQUIRE(play(round), "all-taken");
	write_once(over, 1);
	for (uint32_t i = 1; i < n; i++)
		uthread_join(consumer[i], NULL);
	for (uint32_t i = 0; i < MESSAGES; i++)
		once += nr_taken[i] == 1;
	CHECK_EQ(once, MESSAGES, "each-once");
	CHECK_EQ(nr_backwards, 0, "in-order");
	CHECK(mbox_is_empty(ev_q->ev_mbox), "none-left");
}
