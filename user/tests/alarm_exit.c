/* alarm_exit - a process ends with alarms on their way, of its own and of the
 * kernel's, and takes all of them along. */
#include "alarm.h"
#include "clock.h"
#include "leak.h"

#define LIVES	20
#define SOON	100000UL	/* ns: some of the first rings before the end */
#define PERIOD	20000000UL	/* ns: what a slow host has time to answer */

static void on_alarm(struct alarm *alarm, void *data)
{
}

/* A life that ends somewhere between the rings. */
static void child(void)
{
	struct event_queue *ev_q = get_eventq_vcpd(0, EVENT_IPI);
	static struct alarm alarms[8];

	for (int i = 0; i < 8; i++) {
		alarm_init(&alarms[i], on_alarm, NULL);
		alarm_set_every(&alarms[i], clock_ns() + i * SOON, PERIOD);
		sys_alarm_set(ev_q, clock_ns() + i * SOON, 0, NULL);
		sys_alarm_set(ev_q, clock_ns() + i * SOON, PERIOD, NULL);
	}
	sys_block(1000);
}

TEST(alarm_exit)
{
	struct kernel_info before;

	leak_prepare();
	REQUIRE(test_run(child) == 0, "first-life");
	before = leak_before();
	for (int i = 0; i < LIVES; i++)
		CHECK_EQ(test_run(child), 0, "status");
	leak_none(&before);
}
