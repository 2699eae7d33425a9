/* alarm_periodic - a periodic alarm rings again and again, a period after the
 * last or a multiple of it, until it is cancelled, from its handler too; and
 * not twice if the next time is past the end of all times. */
#include "alarm.h"
#include "clock.h"
#include "test.h"
#include "unistd.h"

#define PERIOD	(5 * NSEC_PER_MSEC)

static struct alarm alarm_a, alarm_b;
static uint32_t nr_a, nr_b;
static uint32_t nr_crooked;
static uint64_t start;

static void on_a(struct alarm *alarm, void *data)
{
	nr_crooked += (alarm->deadline - start) % PERIOD != 0;
	write_once(nr_a, nr_a + 1);
}

static void on_b(struct alarm *alarm, void *data)
{
	write_once(nr_b, nr_b + 1);
	if (nr_b == 3)
		alarm_cancel(alarm);
}

TEST(alarm_periodic)
{
	uint32_t before;

	alarm_init(&alarm_a, on_a, NULL);
	alarm_init(&alarm_b, on_b, NULL);
	CHECK_EQ(alarm_set_every(&alarm_a, 0, 0), -EINVAL, "no-period");
	CHECK_EQ(syscall_call(SYS_alarm_set,
			      (uint64_t)get_eventq(EV_MBOX_BITMAP), 0,
			      UINT64_MAX, 0, 0), -EINVAL, "endless-period");
	start = clock_ns();
	REQUIRE(!alarm_set_every(&alarm_a, start, PERIOD), "set-a");
	REQUIRE(!alarm_set_every(&alarm_b, start, PERIOD), "set-b");
	CHECK(WAIT(read_once(nr_a) >= 10), "ten-times");
	CHECK(alarm_cancel(&alarm_a), "was-set");
	before = read_once(nr_a);
	usleep(30000);
	CHECK_EQ(read_once(nr_a), before, "silent-after-cancel");
	CHECK_EQ(read_once(nr_b), 3, "cancelled-by-its-handler");
	CHECK_EQ(nr_crooked, 0, "crooked");

	before = read_once(nr_a);
	start = clock_ns();
	REQUIRE(!alarm_set_every(&alarm_a, start, UINT64_MAX), "set-for-ever");
	CHECK(WAIT(read_once(nr_a) != before), "rings");
	usleep(30000);
	CHECK_EQ(read_once(nr_a), before + 1, "once");
	CHECK(alarm_cancel(&alarm_a), "still-set");
}
