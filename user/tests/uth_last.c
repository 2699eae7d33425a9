/* uth_last - a process ends with status 0 when its last uthread does, though
 * main has ended before, and with main's status when main returns, though
 * others have not ended.
 *
 * Scenario: cpus=1,4
 */
#include "family.h"

static void *end_later(void *arg)
{
	for (int i = 0; i < 10; i++)
		uthread_yield();
	usleep(1000);
	return NULL;
}

static void main_first(void)
{
	uthread_create(end_later, NULL);
	uthread_detach(uthread_create(end_later, NULL));
	uthread_exit((void *)5);
}

static void *never_end(void *arg)
{
	family_park();
	return NULL;
}

static void main_returns(void)
{
	uthread_create(never_end, NULL);
	uthread_yield();
}

static void main_first_of_many(void)
{
	test_vcores_upto(2);
	main_first();
}

static void ends(void (*child)(void), const char *fact)
{
	int32_t status = -1;
	int pid = test_start(child);

	if (!WAIT(sys_waitpid(pid, &status, WNOHANG) == pid || usleep(1000))) {
		sys_kill(pid, SIGKILL);
		status = test_wait(pid);
	}
	CHECK_EQ(status, W_STATUS(0, 0), fact);
}

TEST(uth_last)
{
	ends(main_first, "with-the-last");
	ends(main_first_of_many, "of-many-cores");
	ends(main_returns, "with-main");
}
