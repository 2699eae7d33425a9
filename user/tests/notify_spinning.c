/* notify_spinning - a uthread that spins is interrupted for an event with
 * EVENT_IPI, and goes on where it was.
 *
 * Scenario: cpus=1,4
 */
#include "family.h"

#define ROUNDS	60

static uint64_t got;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	write_once(got, msg->ev_arg4);
}

/* Spin, and say what the handler has written meanwhile. */
static void spin(void)
{
	for (uint64_t i = 1; i <= ROUNDS; i++) {
		family_answer(2 * i - 1);
		if (!WAIT(read_once(got) == i))
			exit(4);
		family_answer(2 * i);
	}
}

static void listen_on(uint32_t flags)
{
	register_ev_handler(EV_TEST, on_test, NULL);
	register_kevent_q(get_eventq_vcpd(0, EVENT_IPI | flags), EV_TEST);
}

static void single_core(void)
{
	listen_on(0);
	spin();
}

static void many_core(void)
{
	listen_on(EVENT_VCORE_PRIVATE);
	if (vcore_request_total(1))
		exit(3);
	spin();
}

static void ping(void (*child)(void), const char *fact)
{
	uint32_t interrupted = 0;
	int pid;

	write_once(family_heard, 0);
	pid = test_start(child);
	for (uint64_t i = 1; i <= ROUNDS; i++) {
		if (!family_told(2 * i - 1))
			break;
		family_send(pid, i);
		interrupted += family_told(2 * i);
	}
	CHECK_EQ(interrupted, ROUNDS, fact);
	CHECK_EQ(test_wait(pid), 0, "went-on");
}

TEST(notify_spinning)
{
	family_listen();
	ping(single_core, "single-core");
	ping(many_core, "many-core");
}
