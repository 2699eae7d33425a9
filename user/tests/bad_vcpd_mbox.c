/* bad_vcpd_mbox - a process that ruins its own VCPD mailboxes loses what is
 * sent there, is told so by its counters, and can mend them. */
#include "test.h"

static uint64_t refused_of(int (*send)(void))
{
	uint64_t refused = test_refused();

	send();
	return test_refused() - refused;
}

static int send_private(void)
{
	return sys_self_notify(0, EV_TEST, NULL, true);
}

static int send_public(void)
{
	return sys_self_notify(0, EV_TEST, NULL, false);
}

/* Send to an ev_q with a mailbox of its own, whose vcore has none to be told
 * in: then nothing is on its way. */
static void indirection(void)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_BITMAP);
	uint64_t refused = test_refused();

	ev_q->ev_flags = EVENT_INDIR;
	for (uint32_t i = 1; i <= 3; i++)
		test_send(ev_q, EV_TEST, i);
	CHECK_EQ(test_refused() - refused, 3, "each-is-tried");
	CHECK_EQ(ev_q->ev_alert_pending, 0, "none-on-its-way");
	put_eventq(ev_q);
}

TEST(bad_vcpd_mbox)
{
	struct vcpd *vcpd = vcpd_of(0);
	struct event_mbox public, private;

	disable_notifs();
	public = vcpd->mbox_public;
	private = vcpd->mbox_private;
	memset(&vcpd->mbox_public, 0xff, sizeof(public));
	memset(&vcpd->mbox_private, 0, sizeof(private));
	indirection();
	CHECK_EQ(refused_of(send_public), 1, "public-of-ones");
	CHECK_EQ(refused_of(send_private), 1, "private-of-zeros");
	vcpd->mbox_public.type = EV_MBOX_UCQ;
	CHECK_EQ(refused_of(send_public), 1, "ucq-of-ones");
	vcpd->mbox_public.type = EV_MBOX_CEQ;
	CHECK_EQ(refused_of(send_public), 1, "ceq-of-ones");
	vcpd->mbox_private.type = EV_MBOX_UCQ;
	CHECK_EQ(refused_of(send_private), 1, "ucq-of-zeros");
	vcpd->mbox_public = public;
	vcpd->mbox_private = private;
	CHECK_EQ(refused_of(send_public) + refused_of(send_private), 0,
		 "mended");
	enable_notifs();
}
