/* bitmap_two_consumers - consumers on several vcores never both get one bit,
 * and between them get each bit that was set.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

#define VCORES	4
#define ROUNDS	200
#define TYPES	40

static struct event_queue *ev_q;
static uint32_t over;
static uint32_t nr_got[TYPES];		/* atomic */
static uint32_t nr_all;			/* atomic */

static void take_all(void)
{
	struct event_msg msg;

	while (mbox_get(ev_q->ev_mbox, &msg)) {
		atomic_fetch_add32(&nr_got[msg.ev_type], 1);
		atomic_fetch_add32(&nr_all, 1);
	}
}

static void *consume(void *arg)
{
	while (!read_once(over))
		take_all();
	return NULL;
}

TEST(bitmap_two_consumers)
{
	uint32_t n, right = 0;
	struct uthread *consumer[VCORES];

	ev_q = get_eventq(EV_MBOX_BITMAP);
	n = test_vcores_upto(VCORES);
	REQUIRE(n > 1, "vcores");
	for (uint32_t i = 1; i < n; i++)
		consumer[i] = uthread_create(consume, NULL);
	/* A bit is set again only after it was taken: each is one message. */
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		for (uint32_t type = 0; type < TYPES; type++)
			test_send(ev_q, type, 0);
		if (!WAIT(read_once(nr_all) >= i * TYPES))
			break;
	}
	write_once(over, 1);
	for (uint32_t i = 1; i < n; i++)
		uthread_join(consumer[i], NULL);
	for (uint32_t type = 0; type < TYPES; type++)
		right += nr_got[type] == ROUNDS;
	CHECK_EQ(right, TYPES, "each-bit-once-a-round");
	CHECK_EQ(nr_all, ROUNDS * TYPES, "in-all");
}
