/* kill_waiter - processes that are killed just as a call of theirs begins to
 * wait are gone whole, and the next call on that core waits as it should.
 *
 * Scenario: cpus=2,4
 */
#include "family.h"
#include "leak.h"

#define LIVES	40

/* A read from an empty pipe waits; one byte at a time, so it does often. */
static void child(void)
{
	char byte;
	int fds[2];

	if (pipe(fds) || vcore_request_total(1))
		exit(3);
	family_answer(1);
	for (;;) {
		struct syscall sc = {
			.num = SYS_read,
			.arg = { (uint64_t)fds[0], (uint64_t)&byte, 1 },
		};

		syscall_submit(&sc);
		write(fds[1], "x", 1);
		syscall_wait(&sc);
	}
}

/* On the core where they lived: does a call of ours wait? */
static void next(void)
{
	if (vcore_request_total(1) || sys_block(1000))
		exit(4);
}

static uint32_t live(uint32_t lives)
{
	uint32_t right = 0;

	for (uint32_t i = 0; i < lives; i++) {
		int pid;

		write_once(family_heard, 0);
		pid = test_start(child);
		if (!family_told(1))
			break;
		for (uint32_t k = test_random(2000); k; k--)
			cpu_relax();
		sys_kill(pid, SIGKILL);
		right += test_wait(pid) == W_STATUS(0, SIGKILL) &&
			 !test_run(next);
	}
	return right;
}

TEST(kill_waiter)
{
	struct kernel_info before;

	family_listen();
	leak_prepare();
	live(3);
	before = leak_before();
	CHECK_EQ(live(LIVES), LIVES, "killed-and-next-waits");
	leak_none(&before);
}
