/* yield_scp - a single-core process that is nice goes on after the others had
 * their turn; one that is not sleeps until an event, unless one is pending.
 *
 * Scenario: cpus=1,4
 */
#include "family.h"

#define ROUNDS	300

static uint32_t handled;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	handled++;
}

/* Sleep, by the system call itself, until the parent's event. */
static void sleeper(void)
{
	register_ev_handler(EV_TEST, on_test, NULL);
	register_kevent_q(get_eventq_vcpd(0, EVENT_IPI | EVENT_WAKEUP),
			  EV_TEST);
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		family_answer(i);
		/* The context is kept: it goes on behind the call. */
		while (read_once(handled) < i)
			sys_yield(false);
	}
}

static void nice(void)
{
	for (uint32_t i = 0; i < ROUNDS; i++)
		sys_yield(true);
}

TEST(yield_scp)
{
	struct event_queue *quiet = get_eventq_vcpd(0, 0);
	struct event_msg msg = { .ev_type = EV_TEST };
	uint32_t asleep = 0, told = 0;
	int a, b;

	register_ev_handler(EV_TEST, on_test, NULL);
	a = test_start(nice);
	b = test_start(nice);
	nice();
	CHECK_EQ(test_wait(a) | test_wait(b), 0, "nice-to-each-other");

	/* With something pending it returns at once. */
	disable_notifs();
	for (uint32_t i = 0; i < ROUNDS; i++) {
		sys_send_event(quiet, &msg, 0);
		sys_yield(false);
	}
	CHECK_EQ(handled, 0, "masked-meanwhile");
	enable_notifs();
	CHECK_EQ(handled, ROUNDS, "pending-keeps-it");

	family_listen();
	a = test_start(sleeper);
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		told += family_told(i);
		if (i % 16 == 1)
			asleep += family_reaches(a, PROC_WAITING);
		family_send(a, i);
	}
	CHECK_EQ(told, ROUNDS, "sleeps-and-wakes");
	CHECK_EQ(asleep, (ROUNDS + 15) / 16, "waiting");
	CHECK_EQ(test_wait(a), 0, "sleeper");
}
