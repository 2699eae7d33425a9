/* proc_turns - processes that spin take turns, single-core and many-core,
 * masked or not, where there is not a core for each: all go on, and so does
 * one that comes later.
 *
 * Scenario: cpus=1,2
 */
#include "family.h"

#define SPINNERS	4
#define ROUNDS		5

static uint64_t said[SPINNERS];		/* by each, how often */

static void on_answer(struct event_msg *msg, unsigned int ev_type, void *data)
{
	if (msg->ev_arg1 < SPINNERS)
		write_once(said[msg->ev_arg1], said[msg->ev_arg1] + 1);
}

/* Say now and then that we go on, and never wait. */
static void spin(uint16_t who)
{
	struct event_msg msg = { .ev_type = EV_TEST2, .ev_arg1 = who };

	for (;;) {
		for (int i = 0; i < 100000; i++)
			cpu_relax_bounded();
		sys_notify(getppid(), EV_TEST2, &msg);
	}
}

static void single(void)
{
	spin(0);
}

static void masked(void)
{
	disable_notifs();
	spin(1);
}

static void many(void)
{
	vcore_request_total(1);
	spin(2);
}

static void many_masked(void)
{
	vcore_request_total(1);
	disable_notifs();
	spin(3);
}

static void nothing(void)
{
}

/* Has each of them said something since @since? */
static bool all_said(const uint64_t *since)
{
	for (int i = 0; i < SPINNERS; i++)
		if (read_once(said[i]) == since[i])
			return false;
	return true;
}

TEST(proc_turns)
{
	void (*spinners[SPINNERS])(void) = { single, masked, many,
					     many_masked };
	uint64_t since[SPINNERS];
	int pids[SPINNERS];
	uint32_t rounds = 0;

	register_ev_handler(EV_TEST2, on_answer, NULL);
	enable_kevent(EV_TEST2, 0, EVENT_IPI | EVENT_WAKEUP);
	for (int i = 0; i < SPINNERS; i++)
		pids[i] = test_start(spinners[i]);
	for (int i = 0; i < ROUNDS; i++) {
		memcpy(since, said, sizeof(since));
		rounds += WAIT(all_said(since) || usleep(1000));
	}
	CHECK_EQ(rounds, ROUNDS, "all-go-on");
	CHECK_EQ(test_run(nothing), 0, "a-new-one-too");
	for (int i = 0; i < SPINNERS; i++) {
		sys_kill(pids[i], SIGKILL);
		test_wait(pids[i]);
	}
}
