/* sched.c - vcores for the uthreads that are ready. */
#include "stage.h"
#include "stage_user.h"

static uint32_t ready, taken;

/* Three cores are wanted and two are there: vcore 1 has nothing to do.  Then
 * there are two uthreads more, and then the third core. */
static void make_two_ready(void)
{
	stage_make_ready();
	stage_make_ready();
	stage_core_now(2);
}

static void wish_setup(void)
{
	stage_short();
	stage_mcp(3, 2, EV_MBOX_BITMAP, NULL);
	stage_core_later(2);
	stage_sched(&ready, &taken, 3, make_two_ready);
	xp_name(&ready, 4, "uthreads ready");
	xp_name(&taken, 4, "uthreads taken");
}

static void wish_check(void)
{
	xp_require(ready == 2, "%u uthreads were made ready", ready);
	xp_require(taken == ready, "%u of %u uthreads run, and %u cores are "
		   "wanted", taken, ready, proc.procdata->cores_wanted);
	xp_require(proc.procdata->cores_wanted <= 3, "%u cores are wanted, "
		   "and 3 vcores are ready", proc.procdata->cores_wanted);
}

XP_TEST(yield_vs_ready, .group = "sched",
	.proves = "a vcore that would leave, and a uthread that becomes ready, "
		  "find each other",
	.setup = wish_setup, .check = wish_check);
