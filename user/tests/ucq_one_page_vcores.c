/* ucq_one_page_vcores - several vcores send into one page of a UCQ while
 * several take from it: each message comes once, and whole.
 *
 * Scenario: cpus=4
 */
#include "test.h"

#define VCORES	3
#define ROUNDS	40
#define EACH	(UCQ_SLOTS / VCORES)

static struct event_queue *ev_q;
static uint32_t round_open;		/* the round that all may play */
static uint32_t nr_playing;		/* atomic */
static uint32_t nr_seen[VCORES * EACH];	/* atomic */
static uint32_t torn;			/* atomic */

static void take_all(void)
{
	struct event_msg msg;

	while (mbox_get(ev_q->ev_mbox, &msg)) {
		if (msg.ev_arg2 >= VCORES * EACH ||
		    msg.ev_arg4 != msg.ev_arg2 * 0x100000001UL)
			atomic_fetch_add32(&torn, 1);
		else
			atomic_fetch_add32(&nr_seen[msg.ev_arg2], 1);
	}
}

/* Each sends its share, and takes whatever there is. */
static void play(uint32_t who)
{
	for (uint32_t i = 0; i < EACH; i++) {
		uint32_t n = who * EACH + i;
		struct event_msg msg = {
			.ev_type = EV_TEST,
			.ev_arg2 = n,
			.ev_arg4 = n * 0x100000001UL,
		};

		sys_send_event(ev_q, &msg, 0);
		if (i % 8 == 7)
			take_all();
	}
	take_all();
	atomic_fetch_add32(&nr_playing, -1U);
}

static void *player(void *who)
{
	for (uint32_t round = 1; round <= ROUNDS; round++) {
		if (!WAIT(read_once(round_open) >= round))
			break;
		play((uint32_t)(uintptr_t)who);
	}
	return NULL;
}

TEST(ucq_one_page_vcores)
{
	struct uthread *uth[VCORES];
	uint32_t once = 0, rounds = 0;

	REQUIRE(test_vcores(VCORES), "vcores");
	for (uintptr_t who = 1; who < VCORES; who++)
		uth[who] = uthread_create(player, (void *)who);
	while (rounds < ROUNDS) {
		ev_q = get_eventq_raw();
		REQUIRE(!mbox_init(ev_q->ev_mbox, EV_MBOX_UCQ), "mailbox");
		write_once(nr_playing, VCORES);
		store_release(&round_open, ++rounds);
		play(0);
		REQUIRE(WAIT(!read_once(nr_playing)), "round-over");
		take_all();
		mbox_free(ev_q->ev_mbox);
		put_eventq_raw(ev_q);
	}
	for (uint32_t who = 1; who < VCORES; who++)
		uthread_join(uth[who], NULL);
	for (uint32_t n = 0; n < VCORES * EACH; n++)
		once += nr_seen[n] == ROUNDS;
	CHECK_EQ(once, VCORES * EACH, "each-once-a-round");
	CHECK_EQ(torn, 0, "whole");
	CHECK_EQ(test_refused(), 0, "nothing-refused");
}
