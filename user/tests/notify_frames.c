/* notify_frames - a uthread that is interrupted again and again on its way out
 * of vcore context gives the room for one such way of its stack, not more.
 *
 * Scenario: cpus=3,4
 */
#include "notifier.h"

#define NOTIFIES	1000
#define WAY_OUT		(1024 + 128)	/* switch.h, and the red zone */
#define OWN_CALLS	512		/* of what spins */
#define PAINTED		8192
#define PAINT		0x7061696e74UL

/* How many bytes below our stack pointer something was written meanwhile. */
static uint64_t __attribute__((noinline)) used_while_notified(void)
{
	uint64_t *sp, *lowest, *end, *word, last;
	bool came;

	disable_notifs();
	__asm__ volatile("movq %%rsp, %0" : "=r"(sp));
	lowest = sp - PAINTED / 8;
	end = sp - (WAY_OUT + OWN_CALLS) / 8;
	for (word = lowest; word < end; word++)
		write_once(*word, PAINT);
	enable_notifs();
	last = notifier_entries() + NOTIFIES;
	came = WAIT(notifier_entries() >= last);
	disable_notifs();
	for (word = lowest; word < end && read_once(*word) == PAINT; word++)
		;
	enable_notifs();
	CHECK(came, "notified");
	return (uint64_t)(sp - word) * 8;
}

TEST(notify_frames)
{
	struct uthread *uth;

	REQUIRE(test_vcores(2), "two-vcores");
	notifiers_begin(&uth, 1);
	CHECK(used_while_notified() <= WAY_OUT + OWN_CALLS, "room-for-one");
	notifiers_end(&uth, 1);
}
