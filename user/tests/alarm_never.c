/* alarm_never - an alarm that is set past the end of all times does not ring,
 * and a sleep as long does not end. */
#include "alarm.h"
#include "test.h"
#include "unistd.h"

static uint32_t rung, asleep, awake;

static void on_alarm(struct alarm *alarm, void *data)
{
	rung++;
}

static void *sleep_for_ever(void *arg)
{
	asleep++;
	usleep(UINT64_MAX / 1000 + 2);
	awake++;
	return NULL;
}

TEST(alarm_never)
{
	struct alarm alarm;

	alarm_init(&alarm, on_alarm, NULL);
	REQUIRE(!alarm_set_in(&alarm, UINT64_MAX), "set");
	REQUIRE(uthread_create(sleep_for_ever, NULL), "create");
	/* What is due earlier rings, and runs, before this is over. */
	usleep(30000);
	CHECK_EQ(asleep, 1, "asleep");
	CHECK_EQ(awake, 0, "awake");
	CHECK_EQ(rung, 0, "rung");
	CHECK(alarm_cancel(&alarm), "still-set");
}
