/* notify_masked - a uthread that has masked notifications is not interrupted;
 * what came meanwhile is handled when it unmasks.
 */
#include "crowd.h"

#define ROUNDS	200

static uint32_t step;		/* 2i: masked; 2i + 1: sent */
static uint32_t too_early, in_time;

/* On vcore 1. */
static void *mask(void *arg)
{
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		uint32_t before;

		disable_notifs();
		before = read_once(crowd_handled[1]);
		write_once(step, 2 * i);
		if (!WAIT(read_once(step) == 2 * i + 1))
			break;
		/* A stray interrupt, had there been one, has come by now:
		 * this goes through the kernel. */
		sys_null();
		too_early += read_once(crowd_handled[1]) != before;
		enable_notifs();
		in_time += read_once(crowd_handled[1]) == before + 1;
	}
	return NULL;
}

TEST(notify_masked)
{
	struct event_queue *ev_q;
	struct uthread *uth;

	if (!crowd_start(2))
		return;
	ev_q = crowd_evq(1, EVENT_IPI);
	uth = uthread_create(mask, NULL);
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		if (!WAIT(read_once(step) == 2 * i))
			break;
		crowd_send(ev_q);
		write_once(step, 2 * i + 1);
	}
	uthread_join(uth, NULL);
	CHECK_EQ(crowd_total, ROUNDS, "handled");
	CHECK_EQ(too_early, 0, "while-masked");
	CHECK_EQ(in_time, ROUNDS, "at-unmask");
}
