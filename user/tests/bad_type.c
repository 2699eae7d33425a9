/* bad_type - message type 65535 is refused where it means a place, carried
 * where it does not, and skipped by whoever looks for its handlers. */
#include "test.h"

static uint32_t nr_barrier;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	atomic_fetch_add32(&nr_barrier, 1);
}

static uint64_t refused_by(uint32_t mbox_type)
{
	struct event_queue *ev_q = get_eventq(mbox_type);
	uint64_t refused = procinfo->refused[EVR_BAD_TYPE];

	test_send(ev_q, 65535, 1);
	return procinfo->refused[EVR_BAD_TYPE] - refused;
}

TEST(bad_type)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	struct event_msg msg = { .ev_type = 65535 };
	int pid = (int)procinfo->pid;

	register_ev_handler(EV_TEST, on_test, NULL);
	CHECK_EQ(refused_by(EV_MBOX_BITMAP), 1, "bitmap-refuses");
	CHECK_EQ(refused_by(EV_MBOX_CEQ), 1, "ceq-refuses");
	CHECK_EQ(refused_by(EV_MBOX_UCQ), 0, "ucq-takes-it");
	test_send(ev_q, 65535, 7);
	CHECK(mbox_get(ev_q->ev_mbox, &msg) && msg.ev_type == 65535 &&
	      msg.ev_arg2 == 7, "ucq-carries-it");

	/* To a vcore's mailboxes, then something that it knows. */
	sys_self_notify(0, 65535, &msg, false);
	sys_self_notify(0, 65535, &msg, true);
	sys_self_notify(0, EV_TEST, NULL, false);
	CHECK(WAIT(read_once(nr_barrier) == 1), "vcore-skips-it");

	CHECK_EQ(sys_notify(pid, 65535, NULL), -1, "notify-refuses");
	CHECK_EQ(errno, EINVAL, "with-einval");
	CHECK_EQ(sys_notify(pid, MAX_NR_EVENT, NULL), -1,
		 "notify-refuses-the-first-past");
	CHECK_EQ(-syscall_call(SYS_notify, (uint64_t)pid, 65536 + EV_TEST, 0,
			       0, 0),
		 EINVAL, "notify-does-not-cut-to-16-bits");
	CHECK_EQ(-syscall_call(SYS_self_notify, 0, 65536, 0, 0, 0), EINVAL,
		 "self-notify-neither");
}
