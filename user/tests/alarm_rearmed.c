/* alarm_rearmed - alarm_cancel() in a uthread also cancels what the handler,
 * just running, sets anew: afterwards it is not set, and does not ring.
 *
 * Scenario: cpus=3,4
 */
#include "alarm.h"
#include "clock.h"
#include "test.h"

#define ROUNDS		20
#define HANDLER_NS	1000000
#define AGAIN_NS	100000

static uint32_t inside, again, over;
static uint32_t rounds, still_set, rang;

/* Long enough for the other vcore to come to its alarm_cancel(). */
static void on_alarm(struct alarm *alarm, void *data)
{
	uint64_t until = clock_ns() + HANDLER_NS;

	write_once(inside, 1);
	while (clock_ns() < until)
		cpu_relax_bounded();
	if (read_once(again))
		alarm_set_in(alarm, AGAIN_NS);
}

/* On the other vcore: alarms ring on vcore 0. */
static void *cancel(void *arg)
{
	struct alarm alarm;
	uint64_t until;

	alarm_init(&alarm, on_alarm, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		write_once(inside, 0);
		write_once(again, 1);
		alarm_set_in(&alarm, AGAIN_NS);
		if (!WAIT(read_once(inside)))
			break;
		alarm_cancel(&alarm);
		write_once(inside, 0);
		still_set += alarm_is_set(&alarm);
		until = clock_ns() + 2 * AGAIN_NS;
		while (clock_ns() < until)
			cpu_relax_bounded();
		rang += read_once(inside);
		write_once(again, 0);
		alarm_cancel(&alarm);
		rounds++;
	}
	write_once(over, 1);
	return NULL;
}

TEST(alarm_rearmed)
{
	struct uthread *uth;

	REQUIRE(test_vcores(2), "two-vcores");
	uth = uthread_create(cancel, NULL);
	while (!read_once(over))
		cpu_relax_bounded();
	uthread_join(uth, NULL);
	CHECK_EQ(rounds, ROUNDS, "rounds");
	CHECK_EQ(still_set, 0, "still-set");
	CHECK_EQ(rang, 0, "rang-afterwards");
}
