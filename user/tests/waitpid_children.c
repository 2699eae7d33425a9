/* waitpid_children - waitpid gives each child's pid and status once: a named
 * one, any, or none yet; and ECHILD when there is none to wait for.
 *
 * Scenario: cpus=1,4
 */
#include "family.h"

#define CHILDREN	8

static void end_at_once(void)
{
	exit(getpid() % 50);
}

static void wait_for_word(void)
{
	for (;;)
		sys_block(1000000);
}

static bool no_child(int pid)
{
	return sys_waitpid(pid, NULL, 0) == -1 && errno == ECHILD;
}

TEST(waitpid_children)
{
	uint32_t right = 0;
	int32_t status;
	int pid, got;

	CHECK(no_child(-1), "none");
	CHECK(no_child(getpid()), "not-oneself");
	CHECK(no_child(1), "not-a-parent");
	pid = test_start(wait_for_word);
	CHECK_EQ(sys_waitpid(pid, &status, WNOHANG), 0, "not-yet");
	CHECK_EQ(sys_waitpid(-1, &status, WNOHANG), 0, "none-yet");
	sys_kill(pid, SIGTERM);
	CHECK_EQ(sys_waitpid(pid, &status, 0), pid, "named");
	CHECK_EQ(status, W_STATUS(0, SIGTERM), "its-signal");
	CHECK(no_child(pid), "only-once");

	for (int i = 0; i < CHILDREN; i++)
		test_start(end_at_once);
	for (int i = 0; i < CHILDREN; i++) {
		got = sys_waitpid(-1, &status, 0);
		right += got > 0 && status == W_STATUS(got % 50, 0);
	}
	CHECK_EQ(right, CHILDREN, "any-with-its-status");
	CHECK(no_child(-1), "no-more");

	pid = test_start(end_at_once);
	CHECK(WAIT(family_state(pid) == PROC_DYING || usleep(1000)), "ended");
	CHECK_EQ(sys_waitpid(pid, NULL, 0), pid, "ended-before");
}
