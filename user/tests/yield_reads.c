/* yield_reads - a vcore that has left does not read messages, whatever its
 * flags said as it left: what is spammed to it goes to another.
 *
 * It may have lost its core between saying so and leaving, and the kernel says
 * that a vcore reads when it gives it one again.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

static uint32_t leaves;		/* vcore 1 is to */
static uint32_t handled;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	atomic_fetch_add32(&handled, 1);
}

static void on_entry(void)
{
	run_current_uthread();
	/* Without clearing VC_CAN_RCV_MSG. */
	if (read_once(leaves))
		sys_yield(false);
}

TEST(yield_reads)
{
	struct event_queue *ev_q;

	register_ev_handler(EV_TEST, on_test, NULL);
	vcore_set_entry(on_entry);
	REQUIRE(test_vcores(2), "two-vcores");
	ev_q = get_eventq_vcpd(1, EVENT_IPI | EVENT_SPAM_PUBLIC);
	write_once(procdata->cores_wanted, 1);
	write_once(leaves, 1);
	REQUIRE(WAIT(!vcore_is_mapped(1)), "leaves");
	CHECK_EQ(vcpd_of(1)->flags & VC_CAN_RCV_MSG, 0, "reads");
	test_send(ev_q, EV_TEST, 1);
	CHECK(WAIT(read_once(handled)), "goes-to-another");
}
