/* flag_ipi - EVENT_IPI interrupts a uthread that only spins; without it the
 * same message waits for the next entry into vcore context. */
#include "test.h"

static uint32_t handled;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	write_once(handled, msg->ev_arg2);
}

/* A message without EVENT_IPI lies there.  False: something else has led into
 * vcore context meanwhile, such as the end of our turn on the core. */
static bool stays_quiet(struct event_queue *ev_q)
{
	struct vcpd *vcpd = vcpd_of(0);
	uint64_t entries = read_once(vcpd->nr_entries);

	write_once(handled, 0);
	test_send(ev_q, EV_TEST, 1);
	return read_once(vcpd->notif_pending) && !read_once(handled) &&
	       read_once(vcpd->nr_entries) == entries;
}

TEST(flag_ipi)
{
	struct event_queue *ev_q = get_eventq_vcpd(0, 0);

	register_ev_handler(EV_TEST, on_test, NULL);
	CHECK(WAIT(stays_quiet(ev_q)), "quiet-without");

	ev_q->ev_flags = EVENT_IPI;
	test_send(ev_q, EV_TEST, 2);
	CHECK(WAIT(read_once(handled) == 2), "interrupted-with");
	CHECK(WAIT(!read_once(vcpd_of(0)->notif_pending)), "pending-cleared");
}
