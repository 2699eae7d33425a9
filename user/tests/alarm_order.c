/* alarm_order - alarms ring in the order of their times, whatever the order in
 * which they were set, and none before its time. */
#include "alarm.h"
#include "clock.h"
#include "test.h"

#define NR	8

static struct alarm alarms[NR];
static uint64_t due[NR];
static uint32_t order[NR];
static uint32_t nr_rung;
static uint32_t nr_early;

static void on_alarm(struct alarm *alarm, void *data)
{
	uint32_t which = (uint32_t)(uintptr_t)data;

	nr_early += clock_ns() < due[which];
	order[nr_rung] = which;
	write_once(nr_rung, nr_rung + 1);
}

TEST(alarm_order)
{
	/* Each number once. */
	static const uint32_t ms[NR] = { 50, 20, 70, 10, 40, 80, 30, 60 };
	uint64_t start = clock_ns() + 20 * NSEC_PER_MSEC;
	bool sorted = true;

	disable_notifs();	/* none rings before all are set */
	for (uint32_t i = 0; i < NR; i++) {
		alarm_init(&alarms[i], on_alarm, (void *)(uintptr_t)i);
		due[i] = start + ms[i] * NSEC_PER_MSEC;
		REQUIRE(!alarm_set(&alarms[i], due[i]), "set");
	}
	enable_notifs();
	CHECK(WAIT(read_once(nr_rung) == NR), "all-rang");
	for (uint32_t i = 0; i < nr_rung; i++)
		sorted &= ms[order[i]] == (i + 1) * 10;
	CHECK(sorted, "in-order");
	CHECK_EQ(nr_early, 0, "early");
	CHECK(!alarm_is_set(&alarms[0]), "not-set-any-more");
	CHECK(!alarm_cancel(&alarms[0]), "cancel-after-the-ring");
}
