/* boot_timer - the timer interrupts again and again, not only once: alarms
 * ring, and a process that never gives up its core shares it all the same.
 *
 * Scenario: cpus=1,2
 */
#include "family.h"

#define ALARMS	20
#define AFTER_NS	1000000UL

static struct event_queue *ev_q;
static uint32_t rung;

static void on_alarm(struct event_msg *msg, unsigned int ev_type, void *data)
{
	struct kernel_info now;

	rung++;
	if (rung < ALARMS && !sys_kernel_info(&now))
		sys_alarm_set(ev_q, now.now_ns + AFTER_NS, 0, NULL);
}

static void hog(void)
{
	family_answer(1);
	for (;;)
		cpu_relax();
}

TEST(boot_timer)
{
	struct kernel_info now;
	int pid;

	register_ev_handler(EV_ALARM, on_alarm, NULL);
	ev_q = get_eventq_vcpd(0, EVENT_IPI | EVENT_WAKEUP);
	CHECK(!sys_kernel_info(&now), "clock");
	CHECK(sys_alarm_set(ev_q, now.now_ns + AFTER_NS, 0, NULL) > 0, "set");
	CHECK(WAIT(read_once(rung) == ALARMS), "each-rings");

	family_listen();
	pid = test_start(hog);
	CHECK(family_told(1), "both-have-turns");
	sys_kill(pid, SIGKILL);
	CHECK_EQ(test_wait(pid), W_STATUS(0, SIGKILL), "hog");
}
