/* alarm_limit - a process has so many alarms of the kernel's at a time; one
 * more is refused, and can be set when one is cancelled.  Who cancels is told
 * whether that was in time, and a period that is too short is refused. */
#include "clock.h"
#include "test.h"

#define MANY	1000		/* more than anybody may have */
#define FAR_NS	(3600 * NSEC_PER_SEC)

static struct event_queue *ev_q;

static int64_t set(uint64_t deadline, uint64_t period)
{
	return syscall_call(SYS_alarm_set, (uint64_t)ev_q, deadline, period, 0,
			    0);
}

static int64_t cancel(int64_t id)
{
	return syscall_call(SYS_alarm_cancel, (uint64_t)id, 0, 0, 0, 0);
}

static void too_late(void)
{
	struct event_msg msg;
	int64_t id = set(1, 0);

	CHECK(id > 0 && WAIT(mbox_get(ev_q->ev_mbox, &msg)), "rings");
	CHECK_EQ(cancel(id), -ESRCH, "too-late");
	id = set(clock_ns() + FAR_NS, FAR_NS);
	CHECK(id > 0 && !cancel(id), "in-time");
	CHECK_EQ(cancel(id), -ESRCH, "twice");
	CHECK_EQ(cancel(0), -ESRCH, "that-never-was");
}

TEST(alarm_limit)
{
	uint64_t far = clock_ns() + FAR_NS;
	int64_t first, id;
	uint32_t n = 1;

	ev_q = get_eventq(EV_MBOX_UCQ);
	too_late();
	CHECK_EQ(set(far, 1), -EINVAL, "period-too-short");
	CHECK_EQ(syscall_call(SYS_alarm_set, 0, far, 0, 0, 0), -EINVAL,
		 "no-ev_q");
	first = set(far, 0);
	while ((id = set(far, 0)) > 0 && n < MANY)
		n++;
	CHECK_EQ(id, -EAGAIN, "one-more");
	CHECK_EQ(cancel(first), 0, "cancel");
	CHECK(set(far, 0) > 0, "room-again");
	CHECK_EQ(set(far, 0), -EAGAIN, "for-one");
}
