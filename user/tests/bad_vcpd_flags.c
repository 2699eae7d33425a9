/* bad_vcpd_flags - VCPD words that say what is not true hurt only the process
 * that wrote them: it may be killed or stand still, the machine goes on. */
#include "test.h"

static void live_a_little(void)
{
	for (int i = 0; i < 20; i++) {
		sys_self_notify(0, EV_TEST, NULL, i % 2);
		sys_self_notify(0, EV_NONE, NULL, true);
		sys_block(500);
	}
}

static void all_flags(void)
{
	write_once(vcpd_of(0)->flags, 0xffffffff);
	live_a_little();
}

static void no_flags(void)
{
	write_once(vcpd_of(0)->flags, 0);
	live_a_little();
}

/* Next it will be started from contexts that were never saved. */
static void preempted(void)
{
	memset(&vcpd_of(0)->vcore_ctx, 0xff, sizeof(struct context));
	memset(&vcpd_of(0)->uthread_ctx, 0xff, sizeof(struct context));
	atomic_fetch_or32(&vcpd_of(0)->flags, VC_PREEMPTED);
	live_a_little();
}

static void always_disabled(void)
{
	for (int i = 0; i < 1000; i++) {
		write_once(vcpd_of(0)->notif_disabled, 0xffffffff);
		sys_self_notify(0, EV_TEST, NULL, true);
	}
}

static void no_vcore_context(void)
{
	atomic_fetch_or32(&vcpd_of(0)->flags, VC_SCP_NOVCCTX);
	live_a_little();
}

static void wants_too_many(void)
{
	write_once(procdata->cores_wanted, 0xffffffff);
	syscall_call(SYS_change_to_m, 0, 0, 0, 0, 0);
	for (int i = 0; i < 1000; i++)
		sys_null();
}

/* Run @fn, and kill it if it stands still: how it ended is not the point. */
static void survive(void (*fn)(void), const char *fact)
{
	int pid = test_start(fn);
	int32_t status;
	struct test_patience patience = test_patience(300);

	while (!sys_waitpid(pid, &status, WNOHANG)) {
		if (test_lost_patience(&patience))
			sys_kill(pid, SIGKILL);
		sys_block(2000);
	}
	CHECK_EQ(sys_waitpid(pid, &status, 0), -1, fact);
}

TEST(bad_vcpd_flags)
{
	survive(all_flags, "all-flags");
	survive(no_flags, "no-flags");
	survive(preempted, "preempted-from-nowhere");
	survive(always_disabled, "always-disabled");
	survive(no_vcore_context, "no-vcore-context");
	survive(wants_too_many, "wants-too-many");
	CHECK_EQ(test_run(live_a_little), 0, "machine-lives");
}
