/*
 * syscall.c - submit system calls, wait for them, and one wrapper for each.
 *
 * Entered from everywhere.  A call that the kernel cannot finish at once is a
 * struct that lies in our memory until SC_DONE appears in it.
 */
#include "syscall.h"

#include "atomic.h"
#include "lab.h"
#include "switch.h"
#include "uthread.h"
#include "vcore.h"

__thread int errno;

void syscall_submit(struct syscall *sc)
{
	syscall_trap(sc);
}

bool syscall_done(struct syscall *sc)
{
	/* Flags before results.  Pairs with user_fetch_or32() in
	 * kernel/syscall/complete.c:complete_flagged() [sysc-done]. */
	uint32_t flags = load_acquire(&sc->flags);

	return (flags & (SC_DONE | SC_K_LOCK)) == SC_DONE;
}

/*
 * Ask again and again, and let others run meanwhile.  Only in the starter of a
 * lab, while what would tell us is still to be written.
 */
static void poll_for(struct syscall *sc)
{
	while (!syscall_done(sc)) {
		if (procinfo->is_mcp)
			uthread_yield();
		else
			(void)sys_yield(true);
		cpu_relax();
	}
}

void syscall_wait(struct syscall *sc)
{
	if (syscall_done(sc))
		return;
	if (!notifs_masked()) {
		if (lab_events_missing())
			poll_for(sc);
		else
			uthread_block_on_syscall(sc);
	}
	while (!syscall_done(sc))
		cpu_relax();
}

int64_t syscall_call(uint32_t num, uint64_t a0, uint64_t a1, uint64_t a2,
		     uint64_t a3, uint64_t a4)
{
	struct syscall sc = {
		.num = num,
		.arg = { a0, a1, a2, a3, a4 },
	};

	syscall_submit(&sc);
	syscall_wait(&sc);
	return sc.err ? -sc.err : sc.retval;
}

/* @value, or -1 with errno for a negative one. */
static int64_t result(int64_t value)
{
	if (value >= 0)
		return value;
	errno = (int)-value;
	return -1;
}

/* The call's value, or -1 with errno. */
static int64_t call(uint32_t num, uint64_t a0, uint64_t a1, uint64_t a2,
		    uint64_t a3)
{
	return result(syscall_call(num, a0, a1, a2, a3, 0));
}

int sys_null(void)
{
	return (int)call(SYS_null, 0, 0, 0, 0);
}

void sys_exit(int status)
{
	/* The kernel does not come back; the loop tells the compiler. */
	for (;;)
		call(SYS_exit, (uint64_t)status, 0, 0, 0);
}

int64_t sys_read(int fd, void *buf, size_t len)
{
	return call(SYS_read, (uint64_t)fd, (uint64_t)buf, len, 0);
}

int64_t sys_write(int fd, const void *buf, size_t len)
{
	return call(SYS_write, (uint64_t)fd, (uint64_t)buf, len, 0);
}

void *sys_mmap(void *addr, size_t len, int prot)
{
	int64_t at = call(SYS_mmap, (uint64_t)addr, len, (uint64_t)prot, 0);

	return at == -1 ? NULL : (void *)at;
}

int sys_munmap(void *addr, size_t len)
{
	return (int)call(SYS_munmap, (uint64_t)addr, len, 0, 0);
}

int sys_proc_create(const char *path, const char *args, size_t args_len,
		    uint32_t argc)
{
	return (int)call(SYS_proc_create, (uint64_t)path, (uint64_t)args,
			 args_len, argc);
}

int sys_proc_run(int pid)
{
	return (int)call(SYS_proc_run, (uint64_t)pid, 0, 0, 0);
}

int sys_waitpid(int pid, int32_t *status, int flags)
{
	return (int)call(SYS_waitpid, (uint64_t)pid, (uint64_t)status,
			 (uint64_t)flags, 0);
}

int sys_kill(int pid, int signo)
{
	return (int)call(SYS_kill, (uint64_t)pid, (uint64_t)signo, 0, 0);
}

int sys_block(uint64_t usec)
{
	return (int)call(SYS_block, usec, 0, 0, 0);
}

int sys_abort(struct syscall *sc)
{
	return (int)call(SYS_abort, (uint64_t)sc, 0, 0, 0);
}

int sys_halt(int status, bool reboot)
{
	return (int)call(SYS_halt, (uint64_t)status, reboot, 0, 0);
}

int sys_record(int kind, const char *text, size_t len)
{
	return (int)call(SYS_record, (uint64_t)kind, (uint64_t)text, len, 0);
}

int sys_proc_info(struct proc_info *info, uint32_t max)
{
	return (int)call(SYS_proc_info, (uint64_t)info, max, 0, 0);
}

int sys_core_info(struct core_info *info, uint32_t max)
{
	return (int)call(SYS_core_info, (uint64_t)info, max, 0, 0);
}

int sys_foreground(int pid)
{
	return (int)call(SYS_foreground, (uint64_t)pid, 0, 0, 0);
}

int sys_yield(bool being_nice)
{
	return (int)call(SYS_yield, being_nice, 0, 0, 0);
}

int sys_change_to_m(void)
{
	return (int)call(SYS_change_to_m, 0, 0, 0, 0);
}

int sys_poke_ksched(void)
{
	return (int)call(SYS_poke_ksched, 0, 0, 0, 0);
}

int sys_notify(int pid, unsigned int ev_type, const struct event_msg *msg)
{
	return (int)call(SYS_notify, (uint64_t)pid, ev_type, (uint64_t)msg, 0);
}

int sys_self_notify(uint32_t vcoreid, unsigned int ev_type,
		    const struct event_msg *msg, bool priv)
{
	return (int)call(SYS_self_notify, vcoreid, ev_type, (uint64_t)msg,
			 priv);
}

int sys_send_event(struct event_queue *ev_q, const struct event_msg *msg,
		   uint32_t vcoreid)
{
	return (int)call(SYS_send_event, (uint64_t)ev_q, (uint64_t)msg,
			 vcoreid, 0);
}

int sys_change_vcore(uint32_t vcoreid, bool enable_my_notifs)
{
	return (int)call(SYS_change_vcore, vcoreid, enable_my_notifs, 0, 0);
}

int sys_preempt(int pid, uint32_t vcoreid, uint64_t usec)
{
	return (int)call(SYS_preempt, (uint64_t)pid, vcoreid, usec, 0);
}

int sys_provision(int pid, uint32_t cores)
{
	return (int)call(SYS_provision, (uint64_t)pid, cores, 0, 0);
}

int sys_alarm_set(struct event_queue *ev_q, uint64_t deadline_ns,
		  uint64_t period_ns, void *data)
{
	return (int)call(SYS_alarm_set, (uint64_t)ev_q, deadline_ns, period_ns,
			 (uint64_t)data);
}

int sys_alarm_cancel(int id)
{
	return (int)call(SYS_alarm_cancel, (uint64_t)id, 0, 0, 0);
}

int sys_pipe(int32_t fds[2], uint32_t fd_flags)
{
	return (int)call(SYS_pipe, (uint64_t)fds, fd_flags, 0, 0);
}

int sys_close(int fd)
{
	return (int)call(SYS_close, (uint64_t)fd, 0, 0, 0);
}

int sys_dup2(int from, int to, uint32_t fd_flags)
{
	return (int)call(SYS_dup2, (uint64_t)from, (uint64_t)to, fd_flags, 0);
}

int sys_tap(int fd, uint32_t filter, struct event_queue *ev_q, uint32_t id,
	    void *data)
{
	return (int)result(syscall_call(SYS_tap, (uint64_t)fd, filter,
					(uint64_t)ev_q, id, (uint64_t)data));
}

int sys_kernel_info(struct kernel_info *info)
{
	return (int)call(SYS_kernel_info, (uint64_t)info, 0, 0, 0);
}

int sys_open(const char *path, uint32_t fd_flags)
{
	return (int)call(SYS_open, (uint64_t)path, fd_flags, 0, 0);
}
