/* race_sleep - a message with EVENT_WAKEUP comes when its receiver is about to
 * sleep but does not say so yet: it does not sleep.
 *
 * [sleep-state], the sleeper's last look.
 *
 * Scenario: race=1
 */
#include "family.h"
#include "race.h"

static struct uthread *sleeper;
static bool came;		/* the message */

static void on_message(struct event_msg *msg, unsigned int ev_type, void *data)
{
	came = true;
	if (sleeper)
		uthread_runnable(sleeper);
	sleeper = NULL;
}

/* The last uthread blocks: the process sleeps, unless the message was so early
 * that no rule was kept. */
static void sleep_now(struct uthread *uth, void *arg)
{
	if (came)
		uthread_runnable(uth);
	else
		sleeper = uth;
}

#define READY	9	/* the child's end of a pipe: it has armed */

/* On a core of its own, for it must run while the test leaves core 0. */
static void child(void)
{
	if (vcore_request_total(1))
		exit(3);
	if (race_script("v0@SEND_ENTER waits c0@SLEEP_ENTER;"
			"c0@SLEEP_ENTER waits v0@WAKE_LOOKED"))
		exit(4);
	if (write(READY, "r", 1) != 1)
		exit(6);
	sys_notify(getppid(), EV_TEST2, NULL);
	exit(race_end() == 3 ? 0 : 5);
}

TEST(race_sleep)
{
	int pid, ready[2];

	REQUIRE(!pipe(ready) && dup2(ready[1], READY) == READY, "pipe");
	register_ev_handler(EV_TEST2, on_message, NULL);
	enable_kevent(EV_TEST2, 0, EVENT_WAKEUP);
	/* Who else goes to sleep on core 0 would be taken for us. */
	REQUIRE(family_reaches(getppid(), PROC_WAITING), "parent-sleeps");
	pid = test_start(child);
	/* Without an event, which would pass the points too. */
	REQUIRE(WAIT(sys_tap(ready[0], TAP_LOOK, NULL, 0, NULL) & TAP_READABLE),
		"child-has-armed");
	uthread_block(sleep_now, NULL);
	CHECK_EQ(test_wait(pid), 0, "rules-kept");
}
