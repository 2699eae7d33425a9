/* preempt_pinned - a warning that finds a uthread about to mask notifications,
 * when it may not be moved, is heeded when it enables them.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"
#include "tls.h"

#define WARN_US		60000000UL	/* more than there is patience */

TEST(preempt_pinned)
{
	struct tcb *tcb = tcb_self();
	const struct vcore_map *map;
	struct vcpd *vcpd;
	uint64_t entries;

	REQUIRE(test_vcores(1), "many-core");
	/* The first half of disable_notifs(), and a stop behind it. */
	write_once(tcb->notif_depth, 1);
	vcpd = vcpd_of(vcore_id());
	map = &procinfo->vcoremap[vcore_id()];
	entries = read_once(vcpd->nr_entries);
	sys_preempt(procinfo->pid, vcore_id(), WARN_US);
	CHECK(WAIT(read_once(vcpd->nr_entries) != entries), "notified");
	CHECK(read_once(map->preempt_at), "not-left");
	write_once(vcpd->notif_disabled, 1);
	enable_notifs();
	CHECK(WAIT(!read_once(map->preempt_at)), "but-then");
	CHECK_EQ(map->preempts_sent, 0, "nicely");
}
