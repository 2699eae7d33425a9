/* flag_ipi_vcore - EVENT_IPI interrupts the vcore that ev_vcore names, though
 * another one sends and both run uthreads.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

#define ROUNDS	50

static uint32_t spinning, over;
static uint32_t nr_right, nr_wrong;

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	if (vcore_id() == msg->ev_arg2)
		atomic_fetch_add32(&nr_right, 1);
	else
		atomic_fetch_add32(&nr_wrong, 1);
}

static void *spin(void *arg)
{
	write_once(spinning, 1);
	while (!read_once(over))
		cpu_relax_bounded();
	return NULL;
}

TEST(flag_ipi_vcore)
{
	struct event_queue *ev_q[2];
	struct uthread *other;

	register_ev_handler(EV_TEST, on_test, NULL);
	REQUIRE(test_vcores(2), "two-vcores");
	other = uthread_create(spin, NULL);
	REQUIRE(WAIT(read_once(spinning)), "both-run-uthreads");
	for (uint32_t v = 0; v < 2; v++)
		ev_q[v] = get_eventq_vcpd(v, EVENT_IPI | EVENT_VCORE_PRIVATE);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		for (uint32_t v = 0; v < 2; v++)
			test_send(ev_q[v], EV_TEST, v);
		if (!WAIT(read_once(nr_right) == 2 * (i + 1)))
			break;
	}
	CHECK_EQ(nr_right, 2 * ROUNDS, "on-the-vcore-named");
	CHECK_EQ(nr_wrong, 0, "on-another");
	write_once(over, 1);
	uthread_join(other, NULL);
}
