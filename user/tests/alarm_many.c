/* alarm_many - a thousand alarms, set, moved and cancelled at random, need one
 * alarm of the kernel's and ring as often as they should: once or not at all.
 */
#include "alarm.h"
#include "clock.h"
#include "test.h"

#define NR	1000

static struct alarm alarms[NR];
static uint32_t rung[NR];
static uint32_t nr_rung;

static void on_alarm(struct alarm *alarm, void *data)
{
	atomic_fetch_add32(data, 1);
	atomic_fetch_add32(&nr_rung, 1);
}

TEST(alarm_many)
{
	uint64_t start = clock_ns() + 300 * NSEC_PER_MSEC;
	uint32_t nr_first = 0;
	uint32_t nr_set = 0;
	uint32_t nr_wrong = 0;

	disable_notifs();	/* none rings before all are as they should */
	for (int i = 0; i < NR; i++) {
		/* Each the first to ring, so far: another for the kernel. */
		alarm_init(&alarms[i], on_alarm, &rung[i]);
		nr_first += !alarm_set(&alarms[i], start + (NR - i) *
						   NSEC_PER_MSEC);
	}
	REQUIRE(nr_first == NR, "one-at-a-time");
	for (int i = 0; i < NR; i++) {
		nr_set += !alarm_set(&alarms[i], start + test_random(100) *
						 NSEC_PER_MSEC);
	}
	REQUIRE(nr_set == NR, "set");
	for (int i = 0; i < NR; i++) {
		if (i % 3 == 0)
			nr_set -= alarm_cancel(&alarms[i]);
		if (i % 3 == 1)
			alarm_set(&alarms[i], start + 200 * NSEC_PER_MSEC);
	}
	enable_notifs();
	CHECK(WAIT(read_once(nr_rung) >= nr_set), "all-rang");
	CHECK_EQ(read_once(nr_rung), nr_set, "rings");
	for (int i = 0; i < NR; i++)
		nr_wrong += rung[i] > 1;
	CHECK_EQ(nr_wrong, 0, "rang-twice");
}
