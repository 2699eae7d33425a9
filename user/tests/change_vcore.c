/* change_vcore - a core turns from one vcore into another: who was there looks
 * preempted and goes on where it was, or starts over as if it had yielded; the
 * other one is told; what makes no sense is refused, each with its error.
 *
 * Scenario: cpus=3,4
 */
#include "lost.h"

#define ROUNDS	50

static uint32_t me = MAX_VCORES;	/* the vcore of the test's uthread */
static uint32_t turn;			/* it is the other's, who answers */
static bool starts_over;		/* how the other leaves */
static uint32_t visits, on_core, saw_preempted, left_preempted;

/* The other vcore: look around, and give the core back. */
static void answer(void)
{
	struct vcpd *mine = vcpd_of(me);

	visits++;
	on_core += vcore_is_mapped(vcore_id()) && !vcore_is_mapped(me) &&
		   num_vcores() == 1;
	saw_preempted += (read_once(mine->flags) & VC_PREEMPTED) &&
			 read_once(mine->notif_disabled);
	write_once(turn, 0);
	sys_change_vcore(me, starts_over);
}

static void on_entry(void)
{
	run_current_uthread();
	/* A vcore that starts over comes here again, another goes on. */
	while (vcore_id() != read_once(me)) {
		if (read_once(turn))
			answer();
		cpu_relax();
	}
}

/* Change to @other and back, often; how often that was a success.  Who gave us
 * the core looks preempted, even if it starts over: for it reads no more. */
static uint32_t play(uint32_t other, bool over)
{
	uint32_t returned = 0;

	starts_over = over;
	visits = on_core = saw_preempted = left_preempted = 0;
	for (uint32_t i = 0; i < ROUNDS; i++) {
		write_once(turn, 1);
		returned += !sys_change_vcore(other, false) &&
			    !read_once(turn) && vcore_is_mapped(me);
		left_preempted += !!(read_once(vcpd_of(other)->flags) &
				     VC_PREEMPTED);
	}
	return returned;
}

/* How many messages say that a vcore has changed, and of which type. */
static uint32_t count(struct event_queue *ev_q, uint32_t ev_type)
{
	struct event_msg msg;
	uint32_t n = 0;

	while (mbox_get(ev_q->ev_mbox, &msg))
		n += msg.ev_type == ev_type && msg.ev_arg2 < 2;
	return n;
}

/* The error of a change to @vcoreid, which must not be. */
static int64_t refused(uint32_t vcoreid, bool over)
{
	return syscall_call(SYS_change_vcore, vcoreid, over, 0, 0, 0);
}

TEST(change_vcore)
{
	struct event_queue *preempted = get_eventq(EV_MBOX_UCQ);
	struct event_queue *check = get_eventq(EV_MBOX_UCQ);
	uint32_t other, entries;

	CHECK_EQ(refused(1, true), -EINVAL, "single-core-refused");
	vcore_set_entry(on_entry);
	disable_notifs();
	me = vcore_id();
	enable_notifs();
	REQUIRE(lost_have_two(), "vcores");
	register_kevent_q(preempted, EV_VCORE_PREEMPT);
	register_kevent_q(check, EV_CHECK_MSGS);
	disable_notifs();
	REQUIRE(vcore_id() == me, "still-here");
	other = lost_other();
	CHECK_EQ(refused(MAX_VCORES + 1, false), -EINVAL, "no-such-vcore");
	CHECK_EQ(refused(other, false), -EBUSY, "on-a-core-already");
	CHECK_EQ(refused(me, false), -EBUSY, "oneself");
	REQUIRE(lost_take_told(other), "taken");
	CHECK_EQ(count(preempted, EV_VCORE_PREEMPT), 1, "told-of-the-taken");

	CHECK_EQ(play(other, false), ROUNDS, "and-back");
	CHECK_EQ(on_core, ROUNDS, "in-our-place");
	CHECK_EQ(saw_preempted, ROUNDS, "we-look-preempted");
	CHECK_EQ(count(preempted, EV_VCORE_PREEMPT), 2 * ROUNDS, "told");

	play(other, true);
	entries = vcpd_of(other)->nr_entries;
	CHECK_EQ(play(other, true), ROUNDS, "and-back-again");
	CHECK_EQ(visits, ROUNDS, "answered");
	CHECK_EQ(left_preempted, ROUNDS, "looks-preempted-too");
	CHECK_EQ(vcpd_of(other)->nr_entries - entries, ROUNDS, "starts-over");
	CHECK_EQ(count(check, EV_CHECK_MSGS), 2 * ROUNDS, "told-to-check");
	enable_notifs();
}
