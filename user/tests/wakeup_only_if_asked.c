/* wakeup_only_if_asked - without EVENT_WAKEUP a message does not wake a
 * sleeping process, and is there when something else does. */
#include "test.h"

static struct event_queue *quiet;	/* comes first and wakes nobody */
static struct event_queue *loud;	/* long after that */
static uint32_t quiet_seen, quiet_before_loud, quiet_woke;
static bool loud_seen;
static uint64_t wakeups;

static void look_and_schedule(void)
{
	struct event_msg msg;

	while (mbox_get(quiet->ev_mbox, &msg))
		quiet_seen++;
	if (mbox_get(loud->ev_mbox, &msg)) {
		loud_seen = true;
		quiet_before_loud = quiet_seen;
		test_wake();
	}
	if (!loud_seen && quiet_seen && procinfo->wakeups != wakeups)
		quiet_woke = 1;
	uthread_sched.entry();
}

TEST(wakeup_only_if_asked)
{
	struct syscall first, second;

	quiet = get_eventq(EV_MBOX_UCQ);
	loud = get_eventq(EV_MBOX_UCQ);
	loud->ev_flags = EVENT_WAKEUP;
	vcore_set_entry(look_and_schedule);
	wakeups = procinfo->wakeups;
	test_send_later(&first, quiet, 100);
	test_send_later(&second, loud, 300);
	CHECK(test_sleep(), "woken-by-the-second");
	CHECK_EQ(quiet_before_loud, 1, "first-was-there");
	CHECK_EQ(quiet_woke, 0, "first-woke-nobody");
}
