/* preempt_nicely - a vcore that is warned gives its core back before the
 * deadline, nothing is preempted, and its uthread goes on: also if it is the
 * only vcore.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

#define WARN_US		60000000UL	/* more than there is patience */
#define ROUNDS		10

/* Warn the vcore that we are on.  Does the process get a core again? */
static bool warn_and_go_on(void)
{
	uint32_t vcoreid = vcore_id();

	sys_preempt(procinfo->pid, vcoreid, WARN_US);
	return WAIT(!read_once(procinfo->vcoremap[vcoreid].preempt_at));
}

static void rounds(uint32_t vcores, const char *fact)
{
	uint32_t right = 0;

	uthread_set_max_vcores(vcores);
	REQUIRE(test_vcores(vcores), "vcores");
	while (right < ROUNDS && warn_and_go_on())
		right++;
	CHECK_EQ(right, ROUNDS, fact);
	for (uint32_t v = 0; v < vcores; v++)
		CHECK_EQ(procinfo->vcoremap[v].preempts_sent, 0, "taken");
}

TEST(preempt_nicely)
{
	rounds(1, "alone");
	rounds(2, "of-two");
}
