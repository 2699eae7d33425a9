/* preempt_gang - a process whose vcores are warned all at once is told of that
 * once, with the deadline; and once when they are back after it lost them all
 * at once.
 *
 * Scenario: cpus=3,4
 */
#include "lost.h"

#define FAR_US	3600000000UL

/* Nobody heeds the warning. */
static void on_entry(void)
{
	run_current_uthread();
	cpu_relax_bounded();
}

static struct event_queue *hear_of(unsigned int ev_type)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);

	REQUIRE(ev_q && !register_kevent_q(ev_q, ev_type), "registered");
	return ev_q;
}

TEST(preempt_gang)
{
	struct event_queue *warned = hear_of(EV_GANG_PREEMPT_PENDING);
	struct event_queue *back = hear_of(EV_GANG_RETURN);
	const struct vcore_map *map = procinfo->vcoremap;
	struct event_msg msg = { .ev_type = EV_NONE };

	vcore_set_entry(on_entry);
	REQUIRE(lost_have_two(), "vcores");
	disable_notifs();
	sys_preempt(procinfo->pid, -1U, FAR_US);
	CHECK(mbox_get(warned->ev_mbox, &msg), "told-of-the-warning");
	CHECK_EQ(msg.ev_type, EV_GANG_PREEMPT_PENDING, "as-a-gang");
	CHECK(map[0].preempt_at && map[1].preempt_at, "both-warned");
	CHECK_EQ(map[0].preempt_at, msg.ev_arg4, "deadline");
	CHECK_EQ(map[1].preempt_at, msg.ev_arg4, "the-same");
	CHECK(mbox_is_empty(warned->ev_mbox), "once");

	sys_preempt(procinfo->pid, -1U, 0);
	CHECK(WAIT(mbox_get(back->ev_mbox, &msg)), "told-of-the-return");
	CHECK_EQ(msg.ev_type, EV_GANG_RETURN, "what-it-is");
	CHECK(WAIT(lost_taken(0) && lost_taken(1)), "both-taken");
	CHECK(WAIT(num_vcores() == 2), "both-back");
	CHECK_EQ(map[0].preempt_at + map[1].preempt_at, 0, "warned-no-more");
	CHECK(mbox_is_empty(back->ev_mbox), "once-back");
	enable_notifs();
}
