/* ceq_two_consumers - several vcores take from one CEQ with a small ring while
 * events come: what they get adds up to what was sent.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

#define VCORES	4
#define IDS	24
#define ROUNDS	150

static struct event_queue *ev_q;
static uint32_t sum[IDS];		/* atomic */
static uint32_t over;

static void take_all(void)
{
	struct event_msg msg;

	while (mbox_get(ev_q->ev_mbox, &msg))
		atomic_fetch_add32(&sum[msg.ev_type], msg.ev_arg2);
}

static void *consume(void *arg)
{
	while (!read_once(over))
		take_all();
	return NULL;
}

TEST(ceq_two_consumers)
{
	uint32_t n, right = 0;
	struct uthread *consumer[VCORES];

	ev_q = get_eventq_raw();
	REQUIRE(!ceq_init(&ev_q->ev_mbox->ceq, CEQ_ADD, IDS, 8), "init");
	ev_q->ev_mbox->type = EV_MBOX_CEQ;
	n = test_vcores_upto(VCORES);
	REQUIRE(n > 1, "vcores");
	for (uint32_t i = 1; i < n; i++)
		consumer[i] = uthread_create(consume, NULL);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		for (uint32_t id = 0; id < IDS; id++)
			test_send(ev_q, id, id + 1);
	}
	write_once(over, 1);
	for (uint32_t i = 1; i < n; i++)
		uthread_join(consumer[i], NULL);
	take_all();
	for (uint32_t id = 0; id < IDS; id++)
		right += sum[id] == ROUNDS * (id + 1);
	CHECK_EQ(right, IDS, "sums");
	CHECK(mbox_is_empty(ev_q->ev_mbox), "empty");
	CHECK_EQ(test_refused(), 0, "nothing-refused");
}
