/* alarm_missed - times of a periodic alarm that have passed when its handler
 * returns are left out: each next one is after that.
 */
#include "alarm.h"
#include "clock.h"
#include "test.h"

#define RINGS	20
#define PERIOD	NSEC_PER_MSEC

static uint64_t returned;	/* the handler, the last time */
static uint32_t nr_rung, nr_passed;

/* Slow enough to miss a few. */
static void on_alarm(struct alarm *alarm, void *data)
{
	uint64_t over = clock_ns() + 3 * PERIOD;

	nr_passed += alarm->deadline <= returned;
	while (clock_ns() < over)
		cpu_relax_bounded();
	returned = over;
	write_once(nr_rung, nr_rung + 1);
	if (nr_rung == RINGS)
		alarm_cancel(alarm);
}

TEST(alarm_missed)
{
	struct alarm alarm;

	alarm_init(&alarm, on_alarm, NULL);
	REQUIRE(!alarm_set_every(&alarm, clock_ns(), PERIOD), "set");
	CHECK(WAIT(read_once(nr_rung) == RINGS), "rings");
	CHECK_EQ(nr_passed, 0, "for-times-that-had-passed");
}
