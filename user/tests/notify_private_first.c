/* notify_private_first - a vcore that was notified handles the messages of its
 * private mailbox before those of its public one, whichever came first. */
#include "test.h"

static char order[8];
static uint32_t nr;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	if (nr < sizeof(order) - 1)
		order[nr++] = (char)msg->ev_arg2;
}

static void notify(char which, bool private)
{
	struct event_msg msg = { .ev_arg2 = (uint32_t)which };

	CHECK(!sys_self_notify(0, EV_TEST, &msg, private), "sent");
}

TEST(notify_private_first)
{
	register_ev_handler(EV_TEST, on_test, NULL);
	disable_notifs();
	notify('c', false);
	notify('a', true);
	notify('d', false);
	notify('b', true);
	enable_notifs();
	CHECK(WAIT(read_once(nr) == 4), "handled");
	CHECK(!strcmp(order, "abcd"), "private-first");
}
