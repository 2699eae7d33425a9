/* preempt_offline - nothing happens to a vcore that is offline when it is
 * warned or taken, also if it was never made ready. */
#include "test.h"

TEST(preempt_offline)
{
	uint64_t posted;

	vcore_request_total(1);
	posted = procinfo->posted;
	for (uint32_t v = 1; v < max_vcores(); v++) {
		sys_preempt(procinfo->pid, v, 0);
		sys_preempt(procinfo->pid, v, 1000);
	}
	sys_preempt(procinfo->pid, max_vcores(), 1000);
	CHECK_EQ(procinfo->posted, posted, "posted");
	CHECK_EQ(test_refused(), 0, "refused");
	CHECK_EQ(procinfo->vcoremap[1].preempts_sent, 0, "taken");
}
