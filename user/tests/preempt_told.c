/* preempt_told - when a vcore loses its core, one that is online is told which
 * one it was, as often as that happens.
 *
 * Scenario: cpus=3,4
 */
#include "lost.h"

#define ROUNDS	20

/* Both vcores: run what was interrupted, or wait here. */
static void on_entry(void)
{
	run_current_uthread();
	cpu_relax_bounded();
}

TEST(preempt_told)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	uint32_t told = 0, right = 0, rounds = 0, other;
	struct event_msg msg;

	vcore_set_entry(on_entry);
	REQUIRE(lost_have_two(), "vcores");
	/* Nobody recovers anything: we only want to hear. */
	register_kevent_q(ev_q, EV_VCORE_PREEMPT);
	disable_notifs();
	other = lost_other();
	while (rounds < ROUNDS && lost_take_told(other)) {
		rounds++;
		if (!mbox_get(ev_q->ev_mbox, &msg))
			break;
		told++;
		right += msg.ev_type == EV_VCORE_PREEMPT &&
			 msg.ev_arg2 == other;
		vcore_request_total(2);
		if (!WAIT(vcore_is_mapped(other)))
			break;
	}
	enable_notifs();
	CHECK_EQ(rounds, ROUNDS, "taken-and-told");
	CHECK_EQ(told, ROUNDS, "told-where-asked");
	CHECK_EQ(right, ROUNDS, "which-one");
}
