/* prio_preempts - under the second scheduler a uthread that becomes ready takes
 * the vcore of one with a lower priority at once, though that neither blocks
 * nor yields; if that has masked notifications, when it unmasks.  One of equal
 * priority waits its turn.
 *
 * Scenario: cpus=1,4
 */
#include "alarm.h"
#include "test.h"

#include "prio.h"

#define ROUNDS	20

static struct usem urgent, equal;
static uint32_t rung, urgent_ran, equal_ran;

static void *run_urgently(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		usem_down(&urgent);
		write_once(urgent_ran, urgent_ran + 1);
	}
	return NULL;
}

static void *run_equally(void *arg)
{
	usem_down(&equal);
	write_once(equal_ran, 1);
	return NULL;
}

/* In vcore context, while main spins. */
static void on_alarm(struct alarm *alarm, void *data)
{
	write_once(rung, rung + 1);
	usem_up(&urgent);
}

TEST(prio_preempts)
{
	struct uthread *high, *same;
	struct alarm alarm;
	int i;

	sched_set(&prio_sched);
	same = uthread_create(run_equally, NULL);
	high = uthread_create(run_urgently, NULL);
	/* Until both wait all have the lowest priority. */
	while (!read_once(urgent.waiters.head) ||
	       !read_once(equal.waiters.head))
		uthread_yield();
	prio_set(same, 1);
	prio_set(high, 2);
	prio_set(uthread_self(), 1);
	usem_up(&equal);

	alarm_init(&alarm, on_alarm, NULL);
	for (i = 0; i < ROUNDS; i++) {
		uint32_t before = read_once(urgent_ran);

		if (i % 2)
			disable_notifs();
		REQUIRE(!alarm_set_in(&alarm, 300000), "alarm");
		if (i % 2) {
			wait_until(false, 2);
			enable_notifs();
		}
		if (!WAIT(read_once(urgent_ran) == before + 1))
			break;
	}
	REQUIRE(i == ROUNDS, "takes-our-vcore");
	CHECK_EQ(rung, ROUNDS, "each-time");
	CHECK(!read_once(equal_ran), "an-equal-does-not");
	uthread_join(high, NULL);
	uthread_join(same, NULL);
	CHECK(equal_ran, "in-its-turn");
}
