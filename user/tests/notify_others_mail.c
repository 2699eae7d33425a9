/* notify_others_mail - who reads another vcore's mailbox, and is kept by a
 * handler that does not return, comes back to what is left there.
 */
#include "test.h"

#define OFFLINE		1U	/* has a mailbox, is not on a core */
#define MESSAGES	10

static uint32_t handled;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	handled++;
	run_current_uthread();
}

static void on_read(struct event_msg *msg, unsigned int ev_type, void *data)
{
	handle_vcpd_mbox(OFFLINE);
}

TEST(notify_others_mail)
{
	struct event_mbox *mbox = &vcpd_of(OFFLINE)->mbox_public;

	register_ev_handler(EV_TEST, on_test, NULL);
	register_ev_handler(EV_TEST2, on_read, NULL);
	REQUIRE(!mbox_init(mbox, EV_MBOX_UCQ), "a-mailbox-for-vcore-1");
	for (int i = 0; i < MESSAGES; i++)
		sys_self_notify(OFFLINE, EV_TEST, NULL, false);
	CHECK_EQ(read_once(handled), 0, "nobody-reads");
	sys_self_notify(0, EV_TEST2, NULL, false);
	CHECK(WAIT(read_once(handled) == MESSAGES), "all-handled");
	CHECK(mbox_is_empty(mbox), "empty");
}
