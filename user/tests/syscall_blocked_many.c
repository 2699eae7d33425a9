/* syscall_blocked_many - a hundred uthreads block in calls at one time, and all
 * go on, also when the process becomes many-core meanwhile.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"
#include "unistd.h"

#define UTHREADS	100
#define BLOCKS		5

static uint32_t blocked, unblocked;	/* atomic */

static void *block(void *arg)
{
	uint64_t usec = 1000 + 500 * (uint64_t)arg;
	uint32_t failed = 0;

	for (int i = 0; i < BLOCKS; i++) {
		atomic_fetch_add32(&blocked, 1);
		failed += sys_block(usec) != 0;
		atomic_fetch_add32(&unblocked, 1);
	}
	return (void *)(uintptr_t)failed;
}

TEST(syscall_blocked_many)
{
	struct uthread *uth[UTHREADS];
	uint64_t failed = 0;
	void *result;

	for (uint64_t i = 0; i < UTHREADS; i++) {
		uth[i] = uthread_create(block, (void *)i);
		REQUIRE(uth[i], "uthread");
	}
	CHECK(!procinfo->is_mcp, "single-core");
	uthread_yield();
	CHECK(read_once(blocked) >= UTHREADS, "all-blocked");
	CHECK_EQ(vcore_request_total(1), 0, "many-core-now");
	for (int i = 0; i < UTHREADS; i++) {
		uthread_join(uth[i], &result);
		failed += (uintptr_t)result;
	}
	CHECK_EQ(failed, 0, "failed");
	CHECK_EQ(unblocked, UTHREADS * BLOCKS, "all-went-on");
}
