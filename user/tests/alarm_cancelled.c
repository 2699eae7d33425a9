/* alarm_cancelled - an alarm that was cancelled does not ring, others do;
 * and when alarm_cancel() has returned in a uthread, nobody is inside the
 * handler. */
#include "alarm.h"
#include "clock.h"
#include "test.h"
#include "unistd.h"

#define ROUNDS	300

static uint32_t rung[3];
static uint32_t inside;
static uint32_t nr_inside_after;

static void on_alarm(struct alarm *alarm, void *data)
{
	(*(uint32_t *)data)++;
}

static void on_slow_alarm(struct alarm *alarm, void *data)
{
	write_once(inside, 1);
	for (int i = 0; i < 2000; i++)
		cpu_relax_bounded();
	write_once(inside, 0);
}

static void race(void)
{
	struct alarm alarm;

	alarm_init(&alarm, on_slow_alarm, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		alarm_set_in(&alarm, 10000 + test_random(100000));
		usleep(test_random(100));
		alarm_cancel(&alarm);
		nr_inside_after += read_once(inside);
	}
}

TEST(alarm_cancelled)
{
	struct alarm alarms[3];

	disable_notifs();	/* none rings before two are cancelled */
	for (int i = 0; i < 3; i++) {
		alarm_init(&alarms[i], on_alarm, &rung[i]);
		alarm_set_in(&alarms[i], (40 + 10 * i) * NSEC_PER_MSEC);
	}
	CHECK(alarm_cancel(&alarms[0]), "head-was-set");
	CHECK(alarm_cancel(&alarms[1]), "next-was-set");
	CHECK(!alarm_cancel(&alarms[1]), "not-twice");
	enable_notifs();
	CHECK(WAIT(read_once(rung[2])), "the-other-rang");
	CHECK_EQ(rung[0] + rung[1], 0, "cancelled-rang");
	test_vcores_upto(2);
	race();
	CHECK_EQ(nr_inside_after, 0, "inside-after-cancel");
}
