/* yield_wants - a vcore that stays because something came wants as many cores
 * as before, also if its process has fewer than that.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

#define TRIES	100

static uint32_t stage;		/* 1: vcore 1 should try; 2: it has */
static uint32_t nr_less;

static void on_entry(void)
{
	run_current_uthread();
	if (vcore_id() != 1 || read_once(stage) != 1)
		return;
	for (int i = 0; i < TRIES; i++) {
		write_once(vcpd_of(1)->notif_pending, 1);
		vcore_yield(false);
		nr_less += read_once(procdata->cores_wanted) !=
			   procinfo->nr_cores;
	}
	write_once(stage, 2);
}

TEST(yield_wants)
{
	vcore_set_entry(on_entry);
	REQUIRE(test_vcores(2), "two-vcores");
	/* One is for single-core processes. */
	CHECK_EQ(vcore_request_total(procinfo->nr_cores), 0, "request");
	write_once(stage, 1);
	CHECK(WAIT(read_once(stage) == 2), "tried");
	CHECK(num_vcores() < procinfo->nr_cores, "has-less");
	CHECK_EQ(nr_less, 0, "wants-less");
}
