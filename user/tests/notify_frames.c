/* notify_frames - a uthread that is interrupted again and again on its way out
 * of vcore context gives the room for one such way of its stack, not more.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

#define NOTIFIES	1000
#define WAY_OUT		(1024 + 128)	/* switch.h, and the red zone */
#define OWN_CALLS	512		/* of what spins */
#define PAINTED		8192
#define PAINT		0x7061696e74UL

static uint32_t done;

static void *notify(void *arg)
{
	while (!read_once(done))
		sys_self_notify(0, EV_NONE, NULL, true);
	return NULL;
}

static uint64_t nr_entries(void)
{
	return read_once(vcpd_of(0)->nr_entries);
}

/* How many bytes below our stack pointer something was written meanwhile. */
static uint64_t __attribute__((noinline)) used_while_notified(void)
{
	uint64_t *sp, *lowest, *word, last;

	disable_notifs();
	__asm__ volatile("movq %%rsp, %0" : "=r"(sp));
	lowest = sp - PAINTED / 8;
	for (word = lowest; word < sp - (WAY_OUT + OWN_CALLS) / 8; word++)
		write_once(*word, PAINT);
	enable_notifs();
	for (last = nr_entries() + NOTIFIES; nr_entries() < last;)
		cpu_relax();
	disable_notifs();
	for (word = lowest; read_once(*word) == PAINT; word++)
		;
	enable_notifs();
	return (uint64_t)(sp - word) * 8;
}

TEST(notify_frames)
{
	struct uthread *uth;

	REQUIRE(test_vcores(2), "two-vcores");
	uth = uthread_create(notify, NULL);
	CHECK(used_while_notified() <= WAY_OUT + OWN_CALLS, "room-for-one");
	write_once(done, 1);
	uthread_join(uth, NULL);
}
