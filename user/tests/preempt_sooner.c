/* preempt_sooner - a vcore that was warned of a far deadline, and then of an
 * earlier one, loses its core at that one.
 *
 * Scenario: cpus=2,4
 */
#include "test.h"

#define FAR_US		3600000000UL
#define NEAR_US		3000

TEST(preempt_sooner)
{
	const struct vcore_map *map;
	uint32_t before;

	REQUIRE(test_vcores(1), "many-core");
	/* Masked, so that it hears of none of it. */
	disable_notifs();
	map = &procinfo->vcoremap[vcore_id()];
	before = read_once(map->preempts_done);
	sys_preempt(procinfo->pid, vcore_id(), FAR_US);
	CHECK(read_once(map->preempt_at), "warned");
	sys_preempt(procinfo->pid, vcore_id(), NEAR_US);
	CHECK(WAIT(read_once(map->preempts_done) != before), "taken");
	enable_notifs();
}
