/* syscall_deregister - after deregister_evq() a call that completes sends no
 * event; one that was completed before has sent its one. */
#include "test.h"

static struct syscall sc;

/* A call that waits until it is aborted, registered with @ev_q. */
static void submit(struct event_queue *ev_q)
{
	sc = (struct syscall){
		.num = SYS_block, .arg = { 3600000000UL },
	};
	syscall_submit(&sc);
	REQUIRE(register_evq(&sc, ev_q), "registered");
}

/* When a call is done its event, if it sends one, is in the mailbox. */
static void complete(void)
{
	CHECK_EQ(sys_abort(&sc), 0, "ended");
	REQUIRE(WAIT(syscall_done(&sc)), "done");
}

TEST(syscall_deregister)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	struct event_msg msg;

	submit(ev_q);
	deregister_evq(&sc);
	complete();
	CHECK(mbox_is_empty(ev_q->ev_mbox), "no-event");

	submit(ev_q);
	deregister_evq(&sc);
	REQUIRE(register_evq(&sc, ev_q), "registered-again");
	complete();
	deregister_evq(&sc);
	CHECK(mbox_get(ev_q->ev_mbox, &msg) && msg.ev_type == EV_SYSCALL &&
	      msg.ev_arg3 == &sc, "sent-before");
	CHECK(mbox_is_empty(ev_q->ev_mbox), "once");
	CHECK(!register_evq(&sc, ev_q), "too-late");
}
