/* race_unmask - an event that comes while a uthread unmasks is handled, though
 * nothing follows it.
 *
 * [unmask]
 */
#include "crowd.h"

#define ROUNDS	500

static uint32_t masked;		/* the round that the uthread is ready for */
static uint32_t go;		/* the round that both are in */
static uint32_t missed;

/* Vcore 1: unmask just when the other sends, then spin until it is handled. */
static void *unmask(void *arg)
{
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		disable_notifs();
		write_once(masked, i);
		while (read_once(go) < i)
			cpu_relax();
		for (uint32_t k = i % 64; k; k--)
			compiler_barrier();
		enable_notifs();
		if (!WAIT(read_once(crowd_total) == i)) {
			missed++;
			return NULL;
		}
	}
	return NULL;
}

TEST(race_unmask)
{
	struct event_queue *ev_q;
	struct uthread *uth;
	uint32_t i;

	if (!crowd_start(2))
		return;
	ev_q = crowd_evq(1, EVENT_IPI);
	uth = uthread_create(unmask, NULL);
	for (i = 1; i <= ROUNDS; i++) {
		if (!WAIT(read_once(masked) == i))
			break;
		write_once(go, i);
		crowd_send(ev_q);
		if (!WAIT(read_once(crowd_total) == i))
			break;
	}
	write_once(go, ROUNDS);
	uthread_join(uth, NULL);
	CHECK_EQ(missed, 0, "missed");
	CHECK_EQ(crowd_total, ROUNDS, "handled");
}
