/* alarm_message - what the kernel says of an alarm that rings is which one it
 * is, the time that it was set for, and the data that it was set with; each
 * time, if it is periodic. */
#include "clock.h"
#include "test.h"

#define PERIOD	1000000UL

static int64_t set(struct event_queue *ev_q, uint64_t deadline,
		   uint64_t period, uint64_t data)
{
	return syscall_call(SYS_alarm_set, (uint64_t)ev_q, deadline, period,
			    data, 0);
}

/* Does the next message name alarm @id with @data?  Its time in *@when. */
static bool rings(struct event_queue *ev_q, int64_t id, uint64_t data,
		  uint64_t *when)
{
	struct event_msg msg = { .ev_type = EV_NONE };
	bool came = WAIT(mbox_get(ev_q->ev_mbox, &msg));

	*when = msg.ev_arg4;
	return came && msg.ev_type == EV_ALARM && msg.ev_arg2 == id &&
	       (uint64_t)msg.ev_arg3 == data;
}

TEST(alarm_message)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	uint64_t past = clock_ns() / 2;
	uint64_t when = 0, last = 0;
	int64_t one, two;

	one = set(ev_q, past, 0, 0x123456789abcdef0);
	CHECK(one > 0 && rings(ev_q, one, 0x123456789abcdef0, &when),
	      "which-one");
	CHECK_EQ(when, past, "when");
	two = set(ev_q, past, PERIOD, 7);
	CHECK(two > 0 && two != one, "another-number");
	CHECK(rings(ev_q, two, 7, &last), "periodic");
	CHECK_EQ(last, past, "periodic-when");
	for (int i = 0; i < 5; i++) {
		CHECK(rings(ev_q, two, 7, &when), "again");
		CHECK(when >= last + PERIOD, "a-period-later");
		last = when;
	}
	CHECK_EQ(syscall_call(SYS_alarm_cancel, (uint64_t)two, 0, 0, 0, 0), 0,
		 "cancelled");
}
