/* preempt_later - a vcore that was warned, and then of a later deadline or the
 * same one, keeps the first, and hears of nothing new.
 *
 * Scenario: cpus=2,4
 */
#include "test.h"

#define SOON_US		1800000000UL
#define LATER_US	3600000000UL

static void on_entry(void)
{
	run_current_uthread();
}

TEST(preempt_later)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	struct event_msg msg = { .ev_type = EV_NONE };
	const struct vcore_map *map;
	uint64_t deadline;

	/* Nobody heeds the warning. */
	vcore_set_entry(on_entry);
	REQUIRE(test_vcores(1), "many-core");
	register_kevent_q(ev_q, EV_PREEMPT_PENDING);
	disable_notifs();
	map = &procinfo->vcoremap[vcore_id()];
	sys_preempt(procinfo->pid, vcore_id(), SOON_US);
	deadline = read_once(map->preempt_at);
	CHECK(deadline && mbox_get(ev_q->ev_mbox, &msg), "warned");
	CHECK_EQ(msg.ev_type, EV_PREEMPT_PENDING, "as-one");
	CHECK_EQ(msg.ev_arg2, vcore_id(), "which-one");
	CHECK_EQ(msg.ev_arg4, deadline, "of-the-deadline");

	sys_preempt(procinfo->pid, vcore_id(), LATER_US);
	sys_preempt(procinfo->pid, -1U, LATER_US);
	CHECK_EQ(read_once(map->preempt_at), deadline, "kept");
	CHECK(mbox_is_empty(ev_q->ev_mbox), "nothing-new");
	enable_notifs();
}
