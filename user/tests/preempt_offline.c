/* preempt_offline - nothing happens to a vcore that is offline when it is
 * warned or taken, also if it was never made ready. */
#include "test.h"

TEST(preempt_offline)
{
	uint32_t warned = 0, taken = 0;
	uint64_t posted;

	vcore_request_total(1);
	posted = procinfo->posted;
	for (uint32_t v = 1; v < max_vcores(); v++) {
		sys_preempt(procinfo->pid, v, 0);
		sys_preempt(procinfo->pid, v, 1000);
	}
	sys_preempt(procinfo->pid, max_vcores(), 1000);
	(void)wait_until(false, 5);	/* the deadlines pass */
	for (uint32_t v = 1; v < max_vcores(); v++) {
		warned += procinfo->vcoremap[v].preempt_at != 0;
		taken += procinfo->vcoremap[v].preempts_sent;
	}
	CHECK_EQ(warned, 0, "warned");
	CHECK_EQ(taken, 0, "taken");
	CHECK_EQ(procinfo->posted, posted, "posted");
	CHECK_EQ(test_refused(), 0, "refused");
}
