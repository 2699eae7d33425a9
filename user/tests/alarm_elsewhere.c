/* alarm_elsewhere - an alarm of the kernel's that was set on one core can be
 * cancelled on another: it does not ring, and those that are set afterwards,
 * there and here, ring once each.
 *
 * Scenario: cpus=3,4
 */
#include "clock.h"
#include "test.h"

#define ALARMS	8
#define ROUNDS	20
#define FAR_NS	(3600 * NSEC_PER_SEC)

static struct event_queue *ev_q;
static int64_t ids[2][ALARMS];		/* by who sets them */
static uint32_t turn;			/* odd: the other sets, even: it has */
static uint32_t nr_right, nr_strange;

static void set(int64_t *id, uint64_t ns)
{
	for (int i = 0; i < ALARMS; i++)
		id[i] = syscall_call(SYS_alarm_set, (uint64_t)ev_q,
				     clock_ns() + ns, 0, 0, 0);
}

/* On the other vcore, which has another core. */
static void *set_there(void *arg)
{
	for (uint32_t i = 0; i < ROUNDS; i++) {
		if (!WAIT(read_once(turn) == 4 * i + 1))
			break;
		set(ids[1], FAR_NS);
		write_once(turn, 4 * i + 2);
		if (!WAIT(read_once(turn) == 4 * i + 3))
			break;
		set(ids[1], 0);
		write_once(turn, 4 * i + 4);
	}
	return NULL;
}

static uint32_t cancel(const int64_t *id)
{
	uint32_t n = 0;

	for (int i = 0; i < ALARMS; i++)
		n += !syscall_call(SYS_alarm_cancel, (uint64_t)id[i], 0, 0, 0,
				   0);
	return n;
}

/* Take a message of an alarm that was set for now. */
static void take(const struct event_msg *msg)
{
	for (int i = 0; i < 2 * ALARMS; i++) {
		int64_t *id = &ids[i / ALARMS][i % ALARMS];

		if (*id != msg->ev_arg2)
			continue;
		*id = 0;
		nr_right++;
		return;
	}
	nr_strange++;
}

static bool all_ring(void)
{
	uint32_t last = nr_right + 2 * ALARMS;
	struct event_msg msg;

	while (nr_right < last && !nr_strange) {
		if (!WAIT(mbox_get(ev_q->ev_mbox, &msg)))
			return false;
		take(&msg);
	}
	return !nr_strange;
}

TEST(alarm_elsewhere)
{
	uint32_t cancelled = 0, rounds = 0;
	struct uthread *uth;

	ev_q = get_eventq(EV_MBOX_UCQ);
	REQUIRE(test_vcores(2), "two-vcores");
	uth = uthread_create(set_there, NULL);
	for (; rounds < ROUNDS; rounds++) {
		write_once(turn, 4 * rounds + 1);
		if (!WAIT(read_once(turn) == 4 * rounds + 2))
			break;
		cancelled += cancel(ids[1]);
		write_once(turn, 4 * rounds + 3);
		if (!WAIT(read_once(turn) == 4 * rounds + 4))
			break;
		set(ids[0], 0);
		if (!all_ring())
			break;
	}
	CHECK_EQ(rounds, ROUNDS, "rounds");
	CHECK_EQ(cancelled, ROUNDS * ALARMS, "cancelled-in-time");
	CHECK_EQ(nr_right, ROUNDS * 2 * ALARMS, "rings");
	CHECK_EQ(nr_strange, 0, "of-no-alarm");
	uthread_join(uth, NULL);
}
