/* preempt_lock - who waits, masked, for a lock whose holder lost its core gets
 * it all the same: the wait lends its core to the holder.
 *
 * Scenario: cpus=3,4
 */
#include "lost.h"
#include "uspin.h"

#define ROUNDS	20

static struct uspin lock;
static uint32_t holder;		/* 1 + the vcore that has it */
static uint32_t in_turn;	/* the holder's part was whole */

/* Have the lock until our core was taken and somebody lent us another. */
static void *hold(void *arg)
{
	uint32_t vcoreid, before;

	uspin_lock(&lock);
	vcoreid = vcore_id();
	before = lost_taken(vcoreid);
	write_once(holder, 1 + vcoreid);
	while (lost_taken(vcoreid) == before || !vcore_is_mapped(vcoreid))
		;
	write_once(in_turn, in_turn + 1);
	uspin_unlock(&lock);
	return NULL;
}

TEST(preempt_lock)
{
	uint32_t rounds = 0, right = 0;

	REQUIRE(lost_have_two(), "vcores");
	for (; rounds < ROUNDS; rounds++) {
		struct uthread *uth = uthread_create(hold, NULL);
		bool lost;

		if (!WAIT(read_once(holder)))
			break;
		/* Masked, so that nobody recovers it but the wait itself. */
		disable_notifs();
		lost = holder - 1 != vcore_id() && lost_take(holder - 1);
		uspin_lock(&lock);
		right += read_once(in_turn) == rounds + 1;
		uspin_unlock(&lock);
		enable_notifs();
		uthread_join(uth, NULL);
		write_once(holder, 0);
		uthread_set_max_vcores(2);
		vcore_request_total(2);
		if (!lost || !WAIT(num_vcores() == 2))
			break;
	}
	CHECK_EQ(rounds, ROUNDS, "goes-on");
	CHECK_EQ(right, ROUNDS, "the-holder-first");
}
