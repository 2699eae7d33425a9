/* preempt_steal - a uthread that was running when its vcore lost its core goes
 * on where it was, on another vcore, once.
 *
 * Scenario: cpus=3,4
 */
#include "lost.h"

#define ROUNDS	20
#define SALT	0x5555555555555555UL

static uint32_t began;		/* 1 + the vcore that the uthread is on */

/* Spin, with something in the registers, until our vcore is another one. */
static void *spin(void *arg)
{
	uint32_t vcoreid = vcore_id();
	uint64_t n = 0, kept = SALT;

	write_once(began, 1 + vcoreid);
	while (vcore_id() == vcoreid) {
		n++;
		kept += n ^ SALT;
		kept -= n ^ SALT;
	}
	return (void *)(uintptr_t)(kept == SALT);
}

TEST(preempt_steal)
{
	uint32_t rounds = 0, whole = 0, alone = 0;

	REQUIRE(lost_have_two(), "vcores");
	for (; rounds < ROUNDS; rounds++) {
		struct uthread *uth = uthread_create(spin, NULL);
		uint32_t victim;
		void *result;

		if (!WAIT(read_once(began)))
			break;
		victim = began - 1;
		if (victim == vcore_id() || !lost_take(victim))
			break;
		uthread_join(uth, &result);
		whole += result != NULL;
		alone += !vcore_is_mapped(victim);
		write_once(began, 0);
		uthread_set_max_vcores(2);
		vcore_request_total(2);
		if (!WAIT(vcore_is_mapped(victim)))
			break;
	}
	CHECK_EQ(rounds, ROUNDS, "rounds");
	CHECK_EQ(whole, ROUNDS, "goes-on-whole");
	CHECK_EQ(alone, ROUNDS, "by-another-vcore");
}
