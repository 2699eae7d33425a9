/* bad_kernel_evts - a process may scribble anything over kernel_evts: events
 * for it are refused and counted, and the sender does not notice. */
#include "test.h"

TEST(bad_kernel_evts)
{
	static const uint64_t wild[] = {
		8, 0x400000, 0xffffffff80100000UL, 0xffff800000001000UL,
		1UL << 47, USER_TOP - 8, -1UL, PROCINFO_VA, 0xdeadbeef00UL,
	};
	int pid = (int)procinfo->pid;
	uint64_t refused = procinfo->refused[EVR_BAD_EVQ];
	uint32_t nr_ok = 0;

	for (int i = 0; i < 9; i++) {
		procdata->kernel_evts[EV_TEST] = (struct event_queue *)wild[i];
		nr_ok += !sys_notify(pid, EV_TEST, NULL);
	}
	CHECK_EQ(nr_ok, 9, "sender-does-not-notice");
	CHECK_EQ(procinfo->refused[EVR_BAD_EVQ] - refused, 9, "each-refused");
	procdata->kernel_evts[EV_TEST] = NULL;

	/* Signals go the same way; this one was wanted, so it does not kill. */
	procdata->kernel_evts[EV_POSIX_SIGNAL] = (struct event_queue *)8;
	CHECK_EQ(sys_kill(pid, SIGTERM), 0, "signal");
	CHECK_EQ(procinfo->refused[EVR_BAD_EVQ] - refused, 10, "refused-too");
	CHECK_EQ(procinfo->posted, 0, "nothing-posted");
}
