/* yield_novcctx - a process that cannot enter vcore context yet sleeps on
 * nothing that came before, though others had the core meanwhile.
 *
 * Scenario: cpus=1,4
 */
#include "clock.h"
#include "family.h"

#define TURNS_NS	100000000UL	/* some turns of others on core 0 */

static void spin(void)
{
	for (;;)
		cpu_relax_bounded();
}

/* Be pending, let others have their turns, and sleep: that returns. */
static void early(void)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_BITMAP);
	uint64_t start = clock_ns();

	ev_q->ev_flags = EVENT_WAKEUP;
	atomic_fetch_or32(&vcpd_of(0)->flags, VC_SCP_NOVCCTX);
	test_send(ev_q, EV_TEST, 1);
	while (clock_ns() - start < TURNS_NS)
		cpu_relax_bounded();
	syscall_call(SYS_yield, 0, 0, 0, 0, 0);
	atomic_fetch_and32(&vcpd_of(0)->flags, ~VC_SCP_NOVCCTX);
}

TEST(yield_novcctx)
{
	int rival = test_start(spin);
	int pid = test_start(early);
	int32_t status = -1;

	CHECK(WAIT(sys_waitpid(pid, &status, WNOHANG) == pid ||
		   usleep(1000)), "it-comes-back");
	CHECK_EQ(status, 0, "and-ends");
	sys_kill(pid, SIGKILL);
	sys_kill(rival, SIGKILL);
	CHECK_EQ(test_wait(rival), W_STATUS(0, SIGKILL), "rival-ends");
}
