/* prio_order - a second scheduler runs the highest priority first, and equals
 * in turns.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

#include "prio.h"

#define LEVELS		3
#define UTHREADS	(2 * LEVELS)

static struct usem gate;
static uint32_t waiting, nr;
static uint32_t order[UTHREADS];

static void *run(void *arg)
{
	waiting++;
	usem_down(&gate);
	order[nr++] = (uint32_t)(uintptr_t)arg;
	return NULL;
}

TEST(prio_order)
{
	struct uthread *uth[UTHREADS];

	sched_set(&prio_sched);
	for (uintptr_t i = 0; i < UTHREADS; i++) {
		uth[i] = uthread_create(run, (void *)i);
		prio_set(uth[i], (unsigned int)i % LEVELS);
	}
	while (waiting < UTHREADS)
		uthread_yield();
	uthread_yield();
	/* On one vcore nobody runs before we wait ourselves; but the first that
	 * is ready would, if an event came before the others are. */
	disable_notifs();
	for (int i = 0; i < UTHREADS; i++)
		usem_up(&gate);
	enable_notifs();
	for (int i = 0; i < UTHREADS; i++)
		uthread_join(uth[i], NULL);
	for (uint32_t i = 0; i < UTHREADS; i++)
		CHECK_EQ(order[i], LEVELS - 1 - i / 2 + i % 2 * LEVELS,
			 "highest-first-equals-in-turn");
}
