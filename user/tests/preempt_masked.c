/* preempt_masked - a uthread that has masked notifications and loses its core
 * is not taken over: another vcore turns into its vcore, so that it goes on
 * where it was and on the same one.
 *
 * Scenario: cpus=3,4
 */
#include "lost.h"

#define ROUNDS	20

static uint32_t began;		/* 1 + the vcore that the uthread is on */
static uint32_t moved;		/* while masked: never */

/* Masked until it has lost its core and has another. */
static void *stay(void *arg)
{
	uint32_t vcoreid, before;

	disable_notifs();
	vcoreid = vcore_id();
	before = lost_taken(vcoreid);
	write_once(began, 1 + vcoreid);
	while (lost_taken(vcoreid) == before || !vcore_is_mapped(vcoreid))
		moved += vcore_id() != vcoreid;
	enable_notifs();
	return NULL;
}

TEST(preempt_masked)
{
	uint32_t rounds = 0;

	REQUIRE(lost_have_two(), "vcores");
	for (; rounds < ROUNDS; rounds++) {
		struct uthread *uth = uthread_create(stay, NULL);

		if (!WAIT(read_once(began)) || began - 1 == vcore_id() ||
		    !lost_take(began - 1))
			break;
		uthread_join(uth, NULL);
		write_once(began, 0);
		uthread_set_max_vcores(2);
		vcore_request_total(2);
		if (!WAIT(num_vcores() == 2))
			break;
	}
	CHECK_EQ(rounds, ROUNDS, "goes-on");
	CHECK_EQ(moved, 0, "where-it-was");
}
