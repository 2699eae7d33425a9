/* signal_pinned - a signal that finds its uthread about to mask notifications,
 * when nothing may interrupt it, is handled when it enables them.
 *
 * Scenario: cpus=3,4
 */
#include "signal.h"
#include "test.h"
#include "tls.h"

static uint32_t handled;
static uint32_t about_to_mask;

static void on_signal(int signo)
{
	write_once(handled, handled + 1);
}

static void *send(void *arg)
{
	while (!read_once(about_to_mask))
		cpu_relax_bounded();
	uthread_kill(arg, SIGUSR1);
	return NULL;
}

TEST(signal_pinned)
{
	struct tcb *tcb = tcb_self();
	struct uthread *sender;
	struct vcpd *vcpd;
	uint64_t entries;

	signal(SIGUSR1, on_signal);
	REQUIRE(test_vcores(2), "two-vcores");
	sender = uthread_create(send, uthread_self());
	/* The first half of disable_notifs(), and a stop behind it. */
	write_once(tcb->notif_depth, 1);
	vcpd = vcpd_of(vcore_id());
	entries = read_once(vcpd->nr_entries);
	write_once(about_to_mask, 1);
	CHECK(WAIT(read_once(vcpd->nr_entries) != entries), "notified");
	CHECK_EQ(read_once(handled), 0, "not-there");
	write_once(vcpd->notif_disabled, 1);
	enable_notifs();
	CHECK(WAIT(read_once(handled)), "but-then");
	uthread_join(sender, NULL);
	CHECK_EQ(handled, 1, "once");
}
