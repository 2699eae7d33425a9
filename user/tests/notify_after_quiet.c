/* notify_after_quiet - an event with EVENT_IPI interrupts a uthread also if a
 * quiet one came first and has set notif_pending; both are handled.
 */
#include "crowd.h"

#define ROUNDS	200

static struct event_queue *quiet, *loud;

/* On vcore 1: spin until the handlers have run here. */
static void *spin(void *arg)
{
	static uint32_t told;

	for (uint32_t i = 1; i <= ROUNDS; i++) {
		write_once(*(uint32_t *)arg, i);
		if (!WAIT(read_once(crowd_handled[1]) == 2 * i))
			return NULL;
	}
	return &told;
}

TEST(notify_after_quiet)
{
	uint32_t ready = 0, pending = 0;
	struct uthread *uth;
	void *result = NULL;

	if (!crowd_start(2))
		return;
	quiet = crowd_evq(1, 0);
	loud = crowd_evq(1, EVENT_IPI);
	uth = uthread_create(spin, &ready);
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		if (!WAIT(read_once(ready) == i))
			break;
		crowd_send(quiet);
		pending += read_once(vcpd_of(1)->notif_pending);
		crowd_send(loud);
	}
	uthread_join(uth, &result);
	CHECK(result, "interrupted");
	CHECK_EQ(pending, ROUNDS, "pending-before");
	CHECK_EQ(crowd_handled[1], 2 * ROUNDS, "handled");
}
