/* alarm_hostile - processes whose alarms take more time than there is do not
 * keep the core to themselves: others run on it, and can end them.
 *
 * Scenario: cpus=1,2
 */
#include "alarm.h"
#include "clock.h"
#include "family.h"

#define HOSTILES	4
#define ALARMS		64		/* of each */
#define PERIOD		100000UL	/* ns: the shortest */

static void hostile(void)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_BITMAP);

	for (int i = 0; i < ALARMS; i++)
		sys_alarm_set(ev_q, clock_ns(), PERIOD, NULL);
	family_answer(1);
	for (;;)
		sys_block(1000000);
}

TEST(alarm_hostile)
{
	int pids[HOSTILES];
	uint32_t ended = 0;

	family_listen();
	for (int i = 0; i < HOSTILES; i++) {
		write_once(family_heard, 0);
		pids[i] = test_start(hostile);
		REQUIRE(family_told(1), "they-run");
	}
	/* On their core, some calls and turns of ours. */
	for (int i = 0; i < 10; i++)
		usleep(1000);
	for (int i = 0; i < HOSTILES; i++) {
		sys_kill(pids[i], SIGKILL);
		ended += test_wait(pids[i]) == W_STATUS(0, SIGKILL);
	}
	CHECK_EQ(ended, HOSTILES, "ended");
}
