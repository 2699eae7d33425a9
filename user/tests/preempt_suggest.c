/* preempt_suggest - an ev_q that leaves the vcore to the kernel has the news of
 * a lost core in the mailbox of one that is online, and the news of a change in
 * that of the vcore that has the core now.
 *
 * Scenario: cpus=3,4
 */
#include "lost.h"

#define NOBODY	MAX_VCORES

static uint32_t told[MAX_VCORES];	/* which vcore was told of this one */
static uint32_t goes_back;		/* vcore 1 is to give its core to 0 */
static uint32_t looked;			/* vcore 1: and has looked at events */

static void on_news(struct event_msg *msg, unsigned int ev_type, void *data)
{
	if (msg->ev_arg2 < MAX_VCORES)
		write_once(told[msg->ev_arg2], vcore_id());
}

/* Nobody's uthread moves.  Who gets the core goes on wherever it was, but comes
 * by its events between two calls of this. */
static void on_entry(void)
{
	run_current_uthread();
	if (vcore_id() == 1 && read_once(goes_back) && looked++)
		sys_change_vcore(0, true);
}

static void hear_of(unsigned int ev_type, uint32_t not_there)
{
	register_ev_handler(ev_type, on_news, NULL);
	register_kevent_q(get_eventq_vcpd(not_there, EVENT_VCORE_APPRO |
					  EVENT_IPI), ev_type);
}

static void lose(uint32_t vcoreid, const char *fact)
{
	write_once(told[vcoreid], NOBODY);
	sys_preempt(procinfo->pid, vcoreid, 0);
	(void)WAIT(read_once(told[vcoreid]) != NOBODY);
	CHECK_EQ(read_once(told[vcoreid]), !vcoreid, fact);
	CHECK(WAIT(num_vcores() == 2), "back");
}

/* To vcore 1, which was lost before, and back. */
static void change(void)
{
	REQUIRE(lost_take_told(1), "taken");
	disable_notifs();
	write_once(told[0], NOBODY);
	write_once(told[1], NOBODY);
	write_once(goes_back, 1);
	CHECK_EQ(sys_change_vcore(1, false), 0, "change");
	enable_notifs();
	(void)WAIT(read_once(told[1]) != NOBODY);
	CHECK_EQ(read_once(told[0]), 1, "who-has-the-core-now");
	CHECK_EQ(read_once(told[1]), 0, "who-has-it-again");
}

TEST(preempt_suggest)
{
	vcore_set_entry(on_entry);
	REQUIRE(lost_have_two(), "vcores");
	hear_of(EV_VCORE_PREEMPT, max_vcores() - 1);
	hear_of(EV_CHECK_MSGS, max_vcores() - 1);
	lose(1, "who-stays");
	lose(0, "who-stays-when-0-goes");
	change();
}
