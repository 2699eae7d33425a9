/* spam.c - spam against vcores that yield, and the process against sleep. */
#include "stage.h"

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

static void setup_1v2s(void)
{
	setup_1v1s();
	stage_sender("sender 2", send10, NULL);
}

XP_TEST(spam_vs_yield_2senders, .group = "spam", .pairs = "P1 P2 P3",
	.proves = "nor when two send", .setup = setup_1v2s,
	.check = check_both, .no_pso = true);

static void setup_2v1s(void)
{
	stage_short();
	stage_mcp(2, 2, EV_MBOX_BITMAP, stage_yield);
	ev_q = stage_evq(EVENT_SPAM_PUBLIC | EVENT_WAKEUP, 0, 0);
	stage_sender("sender", send9, NULL);
}

XP_TEST(spam_vs_yield_2vcores, .group = "spam", .pairs = "P1 P2 P3",
	.proves = "nor when two vcores leave", .setup = setup_2v1s,
	.check = check9, .no_pso = true);

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
	.setup = setup_asleep, .check = check_both, .no_pso = true);

static void setup_scp(void)
{
	stage_short();
	stage_scp(EV_MBOX_BITMAP, stage_yield);
	ev_q = stage_evq(EVENT_SPAM_PUBLIC | EVENT_WAKEUP, 0, 0);
	stage_sender("sender", send9, NULL);
}

XP_TEST(scp_sleep, .group = "wakeup", .pairs = "P3",
	.proves = "a single-core process does not sleep on a message",
	.setup = setup_scp, .check = check9);
