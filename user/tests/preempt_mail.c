/* preempt_mail - what lies in the public mailbox of a vcore that lost its core
 * is read by another, and what is spammed to it later goes to another at once;
 * but not that of a vcore that has come back by then.
 *
 * Scenario: cpus=3,4
 */
#include "crowd.h"
#include "lost.h"

#define MESSAGES	5

static uint32_t stay = MAX_VCORES;	/* this vcore reads nothing */
static uint32_t stays;

static void on_entry(void)
{
	run_current_uthread();
	while (read_once(stay) == vcore_id()) {
		write_once(stays, 1);
		cpu_relax();
	}
}

TEST(preempt_mail)
{
	struct event_msg late = { .ev_type = EV_VCORE_PREEMPT };
	uint32_t me, other;

	crowd_listen();
	vcore_set_entry(on_entry);
	REQUIRE(lost_have_two(), "vcores");
	disable_notifs();
	me = vcore_id();
	other = lost_other();
	late.ev_arg2 = other;
	write_once(stay, other);
	REQUIRE(WAIT(read_once(stays)), "other-is-busy");
	for (int i = 0; i < MESSAGES; i++)
		crowd_send(crowd_evq(other, 0));
	CHECK_EQ(read_once(crowd_total), 0, "unread-meanwhile");
	REQUIRE(lost_take(other), "taken");
	enable_notifs();

	CHECK(WAIT(read_once(crowd_total) == MESSAGES), "read");
	CHECK_EQ(read_once(crowd_handled[me]), MESSAGES, "by-us");
	CHECK_EQ(vcpd_of(other)->flags & VC_CAN_RCV_MSG, 0, "closed");
	crowd_send(crowd_evq(other, EVENT_SPAM_PUBLIC | EVENT_IPI));
	CHECK(WAIT(read_once(crowd_handled[me]) == MESSAGES + 1),
	      "spam-comes-to-us");
	CHECK(!vcore_is_mapped(other), "still-lost");

	write_once(stay, MAX_VCORES);
	uthread_set_max_vcores(2);
	vcore_request_total(2);
	REQUIRE(WAIT(crowd_reads(other)), "back");
	sys_send_event(crowd_evq(me, EVENT_IPI), &late, 0);
	crowd_send(crowd_evq(me, EVENT_IPI));
	CHECK(WAIT(read_once(crowd_handled[me]) == MESSAGES + 2), "heard-late");
	CHECK(crowd_reads(other), "still-reads");
}
