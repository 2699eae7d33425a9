/* bitmap_two_consumers - consumers on several vcores never both get one bit,
 * and between them get each bit that was set.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

#define VCORES	4
#define ROUNDS	500
#define TYPES	40

static struct event_queue *ev_q;
static uint32_t round_open;		/* consumers may take */
static uint32_t nr_in_round;		/* consumers that wait or take */
static uint32_t over;
static uint32_t nr_got[TYPES];		/* atomic */

static void take_all(void)
{
	struct event_msg msg;

	while (mbox_get(ev_q->ev_mbox, &msg))
		atomic_fetch_add32(&nr_got[msg.ev_type], 1);
}

/* Take in every round, as soon as it is open. */
static void *consume(void *arg)
{
	for (uint32_t round = 1; !read_once(over); round++) {
		while (read_once(round_open) < round && !read_once(over))
			cpu_relax_bounded();
		take_all();
		atomic_fetch_add32(&nr_in_round, -1U);
	}
	return NULL;
}

/* Fill the bitmap, and let all take at once.  False: they do not end. */
static bool play(uint32_t round, uint32_t consumers)
{
	for (uint32_t type = 0; type < TYPES; type++)
		test_send(ev_q, type, 0);
	write_once(nr_in_round, consumers);
	store_release(&round_open, round);
	take_all();
	return WAIT(!read_once(nr_in_round));
}

TEST(bitmap_two_consumers)
{
	uint32_t n, round = 0, right = 0;
	struct uthread *consumer[VCORES];

	ev_q = get_eventq(EV_MBOX_BITMAP);
	n = test_vcores_upto(VCORES);
	REQUIRE(n > 1, "vcores");
	for (uint32_t i = 1; i < n; i++)
		consumer[i] = uthread_create(consume, NULL);
	while (round < ROUNDS && play(round + 1, n - 1))
		round++;
	write_once(over, 1);
	for (uint32_t i = 1; i < n; i++)
		uthread_join(consumer[i], NULL);
	for (uint32_t type = 0; type < TYPES; type++)
		right += nr_got[type] == ROUNDS;
	CHECK_EQ(round, ROUNDS, "rounds");
	CHECK_EQ(right, TYPES, "each-bit-once-a-round");
}
