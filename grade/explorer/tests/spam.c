/* spam.c - spam against vcores that yield, and the process against sleep. */
#include "stage.h"

/* user/lib */
unsigned int handle_one_mbox(struct event_mbox *mbox);

static struct event_queue *ev_q;

static void send9(void *arg)
{
	stage_send(ev_q, EV_FREE_APPLE_PIE);
}

static void send10(void *arg)
{
	stage_send(ev_q, EV_SYSCALL);
}

static void check9(void)
{
	stage_expect(1U << EV_FREE_APPLE_PIE);
}

static void check_both(void)
{
	stage_expect(1U << EV_FREE_APPLE_PIE | 1U << EV_SYSCALL);
}

/* Two of something make a large test.  Once all messages are handled there is
 * nothing left to lose; that the rest goes well is seen with one of each. */
static bool all_handled9(void)
{
	return handled == 1U << EV_FREE_APPLE_PIE;
}

static bool all_handled_both(void)
{
	return handled == (1U << EV_FREE_APPLE_PIE | 1U << EV_SYSCALL);
}

static void setup_1v1s(void)
{
	stage_short();
	stage_mcp(1, 1, EV_MBOX_BITMAP, stage_yield);
	ev_q = stage_evq(EVENT_SPAM_PUBLIC | EVENT_WAKEUP, 0, 0);
	stage_sender("sender", send9, NULL);
}

XP_TEST(spam_vs_yield, .group = "spam", .pairs = "P1 P2 P3",
	.proves = "a vcore that yields takes no message along",
	.setup = setup_1v1s, .check = check9);

/*
 * Vcore 0, the head of the online list, leaves for good; vcore 1 stays.  The
 * process is awake all the time, so nobody starts vcore 0 again to find what
 * is in its mailbox.
 */
static void leave_or_linger(void)
{
	if (stage_vcoreid())
		stage_linger();
	else
		stage_yield();
}

static void leaves(uint32_t flags)
{
	stage_short();
	stage_mcp(2, 2, EV_MBOX_BITMAP, leave_or_linger);
	ev_q = stage_evq(EVENT_SPAM_PUBLIC | flags, 0, 0);
	stage_sender("sender", send9, NULL);
}

static void setup_leaves(void)
{
	leaves(0);
}

static void setup_leaves_must_run(void)
{
	leaves(EVENT_VCORE_MUST_RUN);
}

XP_TEST(spam_leaves, .group = "spam", .pairs = "P1 P2",
	.proves = "no message stays in the mailbox of a vcore that left for "
		  "good",
	.setup = setup_leaves, .check = check9);
XP_TEST(spam_leaves_must_run, .group = "spam", .pairs = "P2",
	.proves = "nor if it was spammed because it was on a core",
	.setup = setup_leaves_must_run, .check = check9);

/* A wake-up that names another vcore than the last one to leave. */
static void look_and_yield(void)
{
	handle_one_mbox(ev_q->ev_mbox);
	stage_yield();
}

static void setup_other(void)
{
	stage_short();
	stage_mcp(2, 1, EV_MBOX_BITMAP, look_and_yield);
	ev_q = stage_evq(EVENT_WAKEUP, 1, EV_MBOX_BITMAP);
	stage_sender("sender", send9, NULL);
}

XP_TEST(sleep_other_vcore, .group = "wakeup", .pairs = "P3",
	.proves = "the last vcore to leave looks at all of them",
	.setup = setup_other, .check = check9);

static void setup_1v2s(void)
{
	setup_1v1s();
	stage_sender("sender 2", send10, NULL);
}

XP_TEST(spam_vs_yield_2senders, .group = "spam", .pairs = "P1 P2 P3",
	.proves = "nor when two send", .setup = setup_1v2s,
	.check = check_both, .goal = all_handled_both, .no_pso = true);

static void setup_2v1s(void)
{
	stage_short();
	stage_mcp(2, 2, EV_MBOX_BITMAP, stage_yield);
	ev_q = stage_evq(EVENT_SPAM_PUBLIC | EVENT_WAKEUP, 0, 0);
	stage_sender("sender", send9, NULL);
}

XP_TEST(spam_vs_yield_2vcores, .group = "spam", .pairs = "P1 P2 P3",
	.proves = "nor when two vcores leave", .setup = setup_2v1s,
	.check = check9, .goal = all_handled9, .no_pso = true);

static void setup_must_run(void)
{
	stage_short();
	stage_mcp(1, 1, EV_MBOX_BITMAP, stage_yield);
	ev_q = stage_evq(EVENT_SPAM_PUBLIC | EVENT_VCORE_MUST_RUN |
			 EVENT_WAKEUP, 0, 0);
	stage_sender("sender", send9, NULL);
}

XP_TEST(spam_must_run, .group = "spam", .pairs = "P2 P3",
	.proves = "what must run is sent to who is on a core, or wakes one",
	.setup = setup_must_run, .check = check9);

static void setup_asleep(void)
{
	stage_short();
	stage_mcp(2, 0, EV_MBOX_BITMAP, stage_yield);
	ev_q = stage_evq(EVENT_SPAM_PUBLIC | EVENT_WAKEUP, 1, 0);
	stage_sender("sender", send9, NULL);
	stage_sender("sender 2", send10, NULL);
}

XP_TEST(spam_asleep, .group = "spam", .pairs = "P3",
	.proves = "a sleeping process is woken by the vcore that has the mail",
	.setup = setup_asleep, .check = check_both,
	.goal = all_handled_both, .no_pso = true);

static void setup_scp(void)
{
	stage_short();
	stage_scp(1, EV_MBOX_BITMAP, stage_yield);
	ev_q = stage_evq(EVENT_SPAM_PUBLIC | EVENT_WAKEUP, 0, 0);
	stage_sender("sender", send9, NULL);
}

XP_TEST(scp_sleep, .group = "wakeup", .pairs = "P3",
	.proves = "a single-core process does not sleep on a message",
	.setup = setup_scp, .check = check9);

/* A wake-up that names a vcore which a single-core process does not have. */
static void setup_scp_other(void)
{
	stage_short();
	stage_scp(2, EV_MBOX_BITMAP, look_and_yield);
	ev_q = stage_evq(EVENT_WAKEUP, 1, EV_MBOX_BITMAP);
	stage_sender("sender", send9, NULL);
}

XP_TEST(scp_sleep_other_vcore, .group = "wakeup", .pairs = "P3",
	.proves = "nor on one that is meant for another vcore",
	.setup = setup_scp_other, .check = check9);

/* A single-core process becomes one of many; then vcore 0 leaves for good,
 * and vcore 1 stays. */
static void become_and_leave(void)
{
	if (!read_once(proc.procinfo->is_mcp))
		stage_become_mcp(2);
	xp_sleep_until(&proc.procinfo->vcoremap[1].valid);
	leave_or_linger();
}

static void setup_becomes_mcp(void)
{
	stage_short();
	stage_scp(2, EV_MBOX_BITMAP, become_and_leave);
	ev_q = stage_evq(EVENT_SPAM_PUBLIC, 0, 0);
	stage_sender("sender", send9, NULL);
}

XP_TEST(spam_becomes_mcp, .group = "spam", .pairs = "P1 P2",
	.proves = "nor in that of the one vcore a process had before it got "
		  "more",
	.setup = setup_becomes_mcp, .check = check9);
