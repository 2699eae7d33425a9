/* notify_goes_on - a handler that goes on with the interrupted uthread, and
 * does not return, leaves nothing unhandled of what had come before it.
 */
#include "test.h"

#define MESSAGES	10

static uint32_t handled;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	handled++;
	run_current_uthread();
}

static void check_mailbox(bool private, const char *fact)
{
	handled = 0;
	disable_notifs();
	for (int i = 0; i < MESSAGES; i++)
		sys_self_notify(0, EV_TEST, NULL, private);
	enable_notifs();
	CHECK(WAIT(read_once(handled) == MESSAGES), fact);
}

TEST(notify_goes_on)
{
	register_ev_handler(EV_TEST, on_test, NULL);
	check_mailbox(false, "public");
	check_mailbox(true, "private");
}
