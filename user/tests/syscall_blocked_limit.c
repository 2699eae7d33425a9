/* syscall_blocked_limit - so many calls of a process may wait at a time; one
 * more ends at once and says so, and can be made again when others are over.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

#define CALLS	(PROC_MAX_BLOCKED + 8)

static struct syscall calls[CALLS];

static uint32_t count(bool refused)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < CALLS; i++)
		n += syscall_done(&calls[i]) &&
		     (calls[i].err == EAGAIN) == refused;
	return n;
}

/* A call that waits for an hour. */
static void submit(struct syscall *sc)
{
	*sc = (struct syscall){
		.num = SYS_block, .arg = { 3600000000UL },
	};
	syscall_submit(sc);
}

static void child(void)
{
	for (uint32_t i = 0; i < CALLS; i++)
		submit(&calls[i]);
	if (count(true) != CALLS - PROC_MAX_BLOCKED)
		exit(3);
	sys_abort(&calls[0]);
	if (!WAIT(count(false) == 1))
		exit(4);
	submit(&calls[CALLS - 1]);
	exit(syscall_done(&calls[CALLS - 1]) ? 5 : 6);
}

TEST(syscall_blocked_limit)
{
	CHECK_EQ(test_run(child), W_STATUS(6, 0), "limit");
}
