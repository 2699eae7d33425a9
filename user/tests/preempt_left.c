/* preempt_left - when a process loses all vcores at once and not all of them
 * come back, who comes back is told which ones did not.
 *
 * Which of the two has its context saved first is up to the cores, and the
 * process is told by another way for each; so often enough.
 *
 * Scenario: cpus=3,4
 */
#include "family.h"
#include "lost.h"

#define ROUNDS	60

/* Nobody recovers anything: we only want to hear. */
static void on_entry(void)
{
	run_current_uthread();
	cpu_relax_bounded();
}

/* Take messages up to one that names @vcoreid. */
static bool told_of(struct event_queue *ev_q, uint32_t vcoreid)
{
	struct event_msg msg = { .ev_arg2 = MAX_VCORES };

	return WAIT(mbox_get(ev_q->ev_mbox, &msg) &&
		    msg.ev_type == EV_VCORE_PREEMPT && msg.ev_arg2 == vcoreid);
}

/* Two vcores, of which one is enough: the one that has been online longest, and
 * that is ours. */
static void child(void)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	struct event_msg msg;
	uint32_t other;

	vcore_set_entry(on_entry);
	if (!lost_have_two())
		exit(3);
	register_kevent_q(ev_q, EV_VCORE_PREEMPT);
	disable_notifs();
	other = lost_other();
	for (uint64_t i = 1; i <= ROUNDS; i++) {
		uint32_t before = lost_taken(other);

		while (mbox_get(ev_q->ev_mbox, &msg))
			;
		vcore_request_total(1);
		family_answer(i);
		if (!WAIT(lost_taken(other) != before))
			exit(4);
		if (!told_of(ev_q, other))
			exit(5);
		vcore_request_total(2);
		if (!WAIT(num_vcores() == 2))
			exit(6);
	}
	exit(0);
}

TEST(preempt_left)
{
	int pid;

	family_listen();
	pid = test_start(child);
	for (uint64_t i = 1; i <= ROUNDS && family_told(i); i++)
		sys_preempt(pid, -1U, 0);
	CHECK_EQ(family_heard, ROUNDS, "rounds");
	CHECK_EQ(test_wait(pid), 0, "told-each-time");
}
