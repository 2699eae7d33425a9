/* alarm_sleeper - an alarm wakes a process that sleeps, and one whose time has
 * passed when it is set rings at once. */
#include "alarm.h"
#include "test.h"

static void on_alarm(struct alarm *alarm, void *data)
{
	test_wake();
}

TEST(alarm_sleeper)
{
	struct alarm alarm;

	alarm_init(&alarm, on_alarm, NULL);
	REQUIRE(!alarm_set_in(&alarm, 20000000), "set");
	CHECK(test_sleep(), "woken");
	REQUIRE(!alarm_set(&alarm, 1), "set-in-the-past");
	CHECK(test_sleep(), "woken-at-once");
}
