/*
 * syscall.h - system calls: the trap, waiting for completion, one wrapper each.
 *
 * A call is a struct in user memory (abi/syscall.h).  The kernel comes back
 * when it is done or when it would have to wait.  In the second case a wrapper
 * called in a uthread blocks that uthread and its vcore runs others; in vcore
 * context, or with notifications masked, it spins, which is right only for
 * calls that complete soon.
 *
 * Wrappers return 0 or more, or -1 with errno set.  Numbers, arguments and
 * which calls wait are in abi/syscall.h.
 */
#pragma once

#include "abi/proc.h"
#include "abi/syscall.h"
#include "errno.h"

/*
 * Hand @sc to the kernel.  On return it is done, or it waits: ask
 * syscall_done(), register an ev_q with register_evq() (event.h), or
 * syscall_wait().  The struct must stay where it is until it is done.
 *
 * Context: any.
 */
void syscall_submit(struct syscall *sc);

/* Is @sc complete, results visible, and the kernel's hands off the struct? */
bool syscall_done(struct syscall *sc);

/* Return when @sc is done.  Blocks a uthread; else spins.  Context: any. */
void syscall_wait(struct syscall *sc);

/* Submit call @num, wait, and return its value or -errno; errno stays as it is.
 * Usable before there is TLS, as long as the call does not wait. */
int64_t syscall_call(uint32_t num, uint64_t a0, uint64_t a1, uint64_t a2,
		     uint64_t a3, uint64_t a4);

int sys_null(void);
void sys_exit(int status) __attribute__((noreturn));
int64_t sys_read(int fd, void *buf, size_t len);
int64_t sys_write(int fd, const void *buf, size_t len);

/* The address, or null with errno set. */
void *sys_mmap(void *addr, size_t len, int prot);
int sys_munmap(void *addr, size_t len);

/* @args: @argc strings one after the other, each with its NUL. */
int sys_proc_create(const char *path, const char *args, size_t args_len,
		    uint32_t argc);
int sys_proc_run(int pid);
int sys_waitpid(int pid, int32_t *status, int flags);
int sys_kill(int pid, int signo);
int sys_block(uint64_t usec);
int sys_abort(struct syscall *sc);
int sys_halt(int status, bool reboot);
int sys_record(int kind, const char *text, size_t len);
int sys_proc_info(struct proc_info *info, uint32_t max);
int sys_core_info(struct core_info *info, uint32_t max);
int sys_foreground(int pid);

/* See vcore.h for what to call instead of these three. */
int sys_yield(bool being_nice);
int sys_change_to_m(void);
int sys_poke_ksched(void);

/* Send @msg to process @pid, parent or child, as the kernel would send an event
 * of @ev_type.  Null @msg: just the type.  ESRCH, EPERM, EINVAL. */
int sys_notify(int pid, unsigned int ev_type, const struct event_msg *msg);

/*
 * Post @msg to the private or public mailbox of the caller's vcore @vcoreid,
 * and notify that vcore.  Null @msg: just @ev_type; EV_NONE then posts nothing
 * and only notifies.
 */
int sys_self_notify(uint32_t vcoreid, unsigned int ev_type,
		    const struct event_msg *msg, bool priv);

/* Send @msg to the caller's own @ev_q; @vcoreid counts with EVENT_VCORE_APPRO.
 * A bad ev_q is not an error here but a count in procinfo.refused[]. */
int sys_send_event(struct event_queue *ev_q, const struct event_msg *msg,
		   uint32_t vcoreid);

/*
 * Turn this core into the caller's vcore @vcoreid, which was preempted; the
 * caller looks preempted, or with @enable_my_notifs as if it had yielded.
 * Returns only if it cannot be: EINVAL, EBUSY, EAGAIN (abi/syscall.h).
 * Context: vcore.
 */
int sys_change_vcore(uint32_t vcoreid, bool enable_my_notifs);

/* Take vcore @vcoreid (-1: all) of process @pid off its core: after a warning
 * and @usec microseconds, or at once if that is 0. */
int sys_preempt(int pid, uint32_t vcoreid, uint64_t usec);

/* Give process @pid a right to @cores. */
int sys_provision(int pid, uint32_t cores);

/* The kernel's alarms, each a message to @ev_q: see alarm.h for better ones.
 * An id; on clock_ns(). */
int sys_alarm_set(struct event_queue *ev_q, uint64_t deadline_ns,
		  uint64_t period_ns, void *data);
int sys_alarm_cancel(int id);

/* unistd.h has these by their POSIX names.  @fd_flags: FD_PRIVATE or 0. */
int sys_pipe(int32_t fds[2], uint32_t fd_flags);
int sys_close(int fd);
int sys_dup2(int from, int to, uint32_t fd_flags);
int sys_open(const char *path, uint32_t fd_flags);

/* A message of type @id to @ev_q whenever @fd becomes ready for @filter: see
 * epoll.h for what to call instead.  TAP_LOOK: only what it is ready for. */
int sys_tap(int fd, uint32_t filter, struct event_queue *ev_q, uint32_t id,
	    void *data);

int sys_kernel_info(struct kernel_info *info);
