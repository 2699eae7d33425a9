/* syscall_errors - calls with arguments that make no sense fail, each with the
 * error that says why, and change nothing. */
#include "test.h"

#define KERNEL	0xffffffff80100000UL

static void fails(uint32_t num, uint64_t a0, uint64_t a1, uint64_t a2,
		  int64_t err, const char *fact)
{
	CHECK_EQ(-syscall_call(num, a0, a1, a2, 0, 0), err, fact);
}

static void memory(void)
{
	fails(SYS_mmap, KERNEL, PAGE_SIZE, PROT_READ, EINVAL, "mmap-kernel");
	fails(SYS_mmap, 0, 0, PROT_READ, EINVAL, "mmap-nothing");
	fails(SYS_mmap, 0x10000001, PAGE_SIZE, PROT_READ, EINVAL,
	      "mmap-not-a-page");
	fails(SYS_mmap, 0, PAGE_SIZE, PROT_WRITE | PROT_EXEC, EACCES,
	      "mmap-writable-and-executable");
	fails(SYS_mmap, PROCDATA_VA, PAGE_SIZE, PROT_READ, EEXIST,
	      "mmap-over-procdata");
	fails(SYS_munmap, KERNEL & -PAGE_SIZE, PAGE_SIZE, 0, EINVAL,
	      "munmap-kernel");
	fails(SYS_munmap, PROCDATA_VA, PAGE_SIZE, 0, EPERM,
	      "munmap-procdata");
	fails(SYS_munmap, PROCINFO_VA, PAGE_SIZE, 0, EPERM,
	      "munmap-procinfo");
}

static void files(void)
{
	static char buf[8];

	fails(SYS_write, 1, KERNEL, 8, EFAULT, "write-from-the-kernel");
	fails(SYS_write, 77, (uint64_t)buf, 1, EBADF, "write-nowhere");
	fails(SYS_read, 77, (uint64_t)buf, 1, EBADF, "read-nowhere");
	fails(SYS_record, 0, 0, 0, EINVAL, "record-of-no-kind");
	fails(SYS_record, REC_NOTE, KERNEL, 8, EFAULT,
	      "record-from-the-kernel");
	fails(SYS_record, REC_NOTE, (uint64_t)"a\nb", 3, EINVAL,
	      "record-of-two-lines");
	fails(SYS_record, REC_NOTE, (uint64_t)"", 1UL << 40, EINVAL,
	      "record-too-long");
}

static void processes(void)
{
	fails(SYS_proc_create, (uint64_t)"bin/nothing", 0, 0, ENOENT,
	      "create-what-there-is-not");
	fails(SYS_proc_create, KERNEL, 0, 0, EFAULT, "create-by-no-name");
	fails(SYS_proc_create, (uint64_t)"bin/true", KERNEL, 8, EFAULT,
	      "create-with-wild-arguments");
	fails(SYS_proc_create, (uint64_t)"bin/true", 0, 1 << 20, E2BIG,
	      "create-with-too-many");
	fails(SYS_proc_run, 0x7fffffff, 0, 0, ESRCH, "run-nobody");
	fails(SYS_proc_run, procinfo->pid, 0, 0, ESRCH, "run-no-child");
	fails(SYS_waitpid, (uint64_t)-1, 0, 0, ECHILD, "wait-for-nobody");
	fails(SYS_kill, 0x7fffffff, SIGTERM, 0, ESRCH, "kill-nobody");
	fails(SYS_kill, procinfo->pid, 1 << 20, 0, EINVAL,
	      "kill-with-no-signal");
}

static void events(void)
{
	uint64_t pid = procinfo->pid;

	fails(SYS_notify, 0x7fffffff, EV_TEST, 0, ESRCH, "notify-nobody");
	fails(SYS_notify, pid, EV_TEST, KERNEL, EFAULT,
	      "notify-with-a-wild-message");
	fails(SYS_self_notify, 0, EV_TEST, KERNEL, EFAULT,
	      "self-notify-with-a-wild-message");
	fails(SYS_send_event, 0, 0, 0, EINVAL, "send-to-null");
	fails(SYS_send_event, 8, KERNEL, 0, EFAULT, "send-a-wild-message");
	fails(SYS_block, -1UL, 0, 0, EINVAL, "block-for-ever-and-ever");
	fails(SYS_abort, 0, 0, 0, EINVAL, "abort-null");
	fails(SYS_abort, KERNEL, 0, 0, ESRCH, "abort-what-does-not-wait");
	fails(SYS_NR, 0, 0, 0, ENOSYS, "no-such-call");
}

TEST(syscall_errors)
{
	memory();
	files();
	processes();
	events();
	CHECK_EQ(test_refused(), 0, "no-event-was-refused");
	CHECK_EQ(sys_null(), 0, "and-the-good-one-works");
}
