/* alarm_once_more - a periodic alarm that is set anew from its handler, for one
 * time, rings at that time and then no more.
 */
#include "alarm.h"
#include "clock.h"
#include "test.h"
#include "unistd.h"

#define PERIOD	NSEC_PER_MSEC

static uint32_t nr_rung;
static uint64_t last;		/* the time that it was set for */

static void on_alarm(struct alarm *alarm, void *data)
{
	nr_rung++;
	if (nr_rung == 1) {
		last = alarm->deadline + 20 * PERIOD + 1;
		alarm_set(alarm, last);
	} else if (nr_rung == 2) {
		CHECK_EQ(alarm->deadline, last, "the-new-time");
	}
}

TEST(alarm_once_more)
{
	struct alarm alarm;

	alarm_init(&alarm, on_alarm, NULL);
	REQUIRE(!alarm_set_every(&alarm, clock_ns(), PERIOD), "set");
	CHECK(WAIT(read_once(nr_rung) == 2), "rings");
	usleep(5000);
	CHECK_EQ(read_once(nr_rung), 2, "once-more");
	CHECK(!alarm_is_set(&alarm), "not-set-any-more");
}
