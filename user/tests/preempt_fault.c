/* preempt_fault - a vcore that is warned, and before it hears of that has a
 * fault of its uthread to see to, sees to it and then gives its core back.
 *
 * Scenario: cpus=3,4
 */
#include "fault.h"
#include "test.h"

#define WARN_US		60000000UL	/* more than there is patience */

static uint32_t nr_calls, nr_wrong;

/* A breakpoint is behind us already: unheard of, it does not come again. */
static enum fault_answer count(struct fault *fault, void *data)
{
	nr_calls++;
	nr_wrong += fault->trap != FAULT_BREAKPOINT;
	return FAULT_RETRY;
}

TEST(preempt_fault)
{
	const struct vcore_map *map;
	bool warned;

	fault_handler_add(count, NULL);
	REQUIRE(test_vcores(1), "many-core");
	map = &procinfo->vcoremap[vcore_id()];
	/* The warning waits in the mailbox until something else comes. */
	register_kevent_q(get_eventq_vcpd(0, EVENT_VCORE_PRIVATE |
					  EVENT_VCORE_APPRO),
			  EV_PREEMPT_PENDING);
	sys_preempt(procinfo->pid, vcore_id(), WARN_US);
	warned = read_once(map->preempt_at);
	__asm__ volatile("int3");
	CHECK(warned, "warned");
	CHECK_EQ(nr_calls, 1, "heard-of");
	CHECK_EQ(nr_wrong, 0, "breakpoint");
	CHECK(!read_once(map->preempt_at), "left");
	CHECK_EQ(map->preempts_sent, 0, "nicely");
}
