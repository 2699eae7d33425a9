/*
 * syscall.h - system calls are structs in user memory.
 *
 * The user fills one in and executes SYSCALL with its address in rdi.  The
 * kernel comes back when the call is done, or when it would have to wait: then
 * SC_DONE appears later, with an event if one was asked for.
 *
 *   user: register an ev_q               kernel: complete
 *   ev_q = q                             retval, err
 *   cmpxchg flags: F -> F | SC_UEVENT    flags |= SC_DONE | SC_K_LOCK  (atomic)
 *     (fails once SC_DONE is there)      SC_UEVENT was there? send EV_SYSCALL
 *                                        flags &= ~SC_K_LOCK        [sysc-done]
 *
 * The struct may be reused when SC_DONE is set and SC_K_LOCK is not.
 */
#pragma once

#include "types.h"

struct event_queue;

#define SC_DONE		0x1	/* kernel sets, user clears before reuse */
#define SC_PROGRESS	0x2	/* for partial results: no call sets it yet */
#define SC_UEVENT	0x4	/* user sets: send EV_SYSCALL to ev_q */
#define SC_K_LOCK	0x8	/* the kernel still looks: leave the struct */

#define SYSCALL_ARGS	5

struct syscall {
	uint32_t	num;		/* user: SYS_* */
	uint32_t	flags;		/* both, atomically: SC_* */
	uint64_t	arg[SYSCALL_ARGS];
	/* Once submitted, the kernel looks above at flags only. */
	int64_t		retval;		/* kernel; -1 on error */
	int64_t		err;		/* kernel: errno, 0 for none */
	struct event_queue *ev_q;	/* user, before SC_UEVENT */
	void		*u_data;	/* user's own: the kernel never looks */
};
ABI_SIZE(struct syscall, 80);

/*
 * Numbers, and arguments in order.  Every call returns 0 or more, or -1 with
 * err set.  "Waits" marks calls that may finish later.
 */
enum {
	SYS_null = 0,		/* () does nothing */
	/* (status) the whole process; does not return */
	SYS_exit,
	SYS_read,		/* (fd, buf, len) -> bytes.  Waits */
	/* (fd, buf, len) -> bytes, perhaps fewer.  Waits, if a pipe is full */
	SYS_write,
	/* (addr or 0, len, PROT_*) -> address: anonymous, demand-zero */
	SYS_mmap,
	SYS_munmap,		/* (addr, len) */
	/* (path, args, args_len, argc) -> pid; args: argc strings, each with
	 * its NUL */
	SYS_proc_create,
	SYS_proc_run,		/* (pid) start a created child */
	/* (pid or -1, int32_t *status, WNOHANG) -> pid, off all cores. Waits */
	SYS_waitpid,
	/* (pid, signo) EV_POSIX_SIGNAL if it wants it; else what the signal
	 * does by default */
	SYS_kill,
	SYS_yield,		/* (being_nice) give up this vcore's core */
	/* () become a many-core process; vcore 0 keeps running, elsewhere */
	SYS_change_to_m,
	SYS_poke_ksched,	/* () procdata.cores_wanted changed */
	/* (pid, ev_type, msg *) send_kernel_event to parent or child */
	SYS_notify,
	SYS_self_notify,	/* (vcoreid, ev_type, msg * or 0, private) */
	SYS_send_event,		/* (ev_q, msg *, vcoreid) to oneself */
	SYS_block,		/* (usec).  Waits that long */
	/* (struct syscall *) end that wait, if it still is one: ECANCELED */
	SYS_abort,
	SYS_halt,		/* (status, reboot) the machine */
	/* (kind, text, len) a record on the second UART */
	SYS_record,
	SYS_proc_info,		/* (struct proc_info *, max) -> how many */
	SYS_core_info,		/* (struct core_info *, max) -> how many */
	/* (pid) who gets ^C from the console; 0: nobody.  EPERM: somebody else
	 * does, who or whose parent is there to hand it on */
	SYS_foreground,
	/* (vcoreid, enable_my_notifs) turn this core into that vcore; see
	 * below */
	SYS_change_vcore,
	/* (pid, vcoreid or -1: all, usec) warn, and take after usec; 0: take
	 * at once.  EINVAL: usec above UINT64_MAX / 2000 */
	SYS_preempt,
	SYS_provision,		/* (pid, cores) that it can always have */
	/* (ev_q, deadline_ns, period_ns or 0, data) -> id: EV_ALARM, arg2
	 * id, arg3 data, arg4 the deadline.  EINVAL: no ev_q, or a period
	 * that is too short or above INT64_MAX */
	SYS_alarm_set,
	/* (id) ESRCH: it has rung, is just ringing for the last time, or never
	 * was */
	SYS_alarm_cancel,
	/* (int32_t fds[2], FD_*) [0] reads, [1] writes */
	SYS_pipe,
	SYS_close,		/* (fd) */
	SYS_dup2,		/* (from, to, FD_*) -> to */
	/* (fd, TAP_* or 0: none, ev_q, id, data) an event when fd becomes
	 * ready: type id, arg2 TAP_*, arg3 data.  With TAP_LOOK only -> TAP_*:
	 * what it is ready for now; the tap stays as it is */
	SYS_tap,
	SYS_kernel_info,	/* (struct kernel_info *) */
	/* (path, FD_*) -> fd: a file of the initramfs, to read */
	SYS_open,
	SYS_race,		/* (RACE_OP_*, ...): abi/race.h */
	SYS_NR,
};

/*
 * SYS_change_vcore, on success, does not return: the core is the other vcore,
 * and the caller looks preempted, as EV_VCORE_PREEMPT says; or EV_CHECK_MSGS,
 * if it asks to have its notifications enabled, and so to start over.
 *   EINVAL  no such vcore, or no many-core process
 *   EBUSY   that vcore is on a core already
 *   EAGAIN  this core is about to be taken away, and be it the last: try again
 *	     where you wake up
 */

/* So many calls of a process wait at a time; one more ends with EAGAIN. */
#define PROC_MAX_BLOCKED	512

/* Descriptors are 0 .. NR_FDS - 1.  Children get copies of those without
 * FD_PRIVATE. */
#define NR_FDS		16
#define FD_PRIVATE	1

/* What a tap waits for, and what its message says has come. */
#define TAP_READABLE	1	/* a read would not wait: bytes, or the end */
#define TAP_WRITABLE	2	/* a write would not wait: room, or an error */
#define TAP_LOOK	4

/* All cores together, now.  For looking for leaks. */
struct kernel_info {
	uint64_t	pages_total;
	uint64_t	pages_free;
	uint64_t	procs;
	uint64_t	kthreads;	/* waiting system calls among them */
	uint64_t	spares;		/* of them, kept for the next to wait */
	uint64_t	objects;	/* small ones of the kernel's, in use */
	/* since the machine started; the clock of SYS_alarm_set */
	uint64_t	now_ns;
};

#define PROT_READ	1
#define PROT_WRITE	2
#define PROT_EXEC	4

#define WNOHANG		1

/* A wait status: exited with a code, or ended by a signal. */
#define W_EXITED(status)	(((status) & 0xff) == 0)
#define W_CODE(status)		(((status) >> 8) & 0xff)
#define W_SIGNAL(status)	((status) & 0x7f)
#define W_STATUS(code, signo)	(((code) & 0xff) << 8 | ((signo) & 0x7f))

/* SYS_record kinds that a program may write. */
enum {
	REC_START = 1,		/* a test begins: its name */
	REC_CHECK,		/* a fact: name, expected, got */
	REC_END,		/* the test is over: ok or not, checks made */
	REC_NOTE,		/* anything worth keeping: name=value */
	/* "exercise function": reached, and not written yet.  Said on the
	 * console too; 1 if for the first time */
	REC_TODO,
};

enum proc_state {
	PROC_CREATED,
	PROC_RUNNABLE_S,
	PROC_RUNNING_S,
	PROC_WAITING,
	PROC_RUNNABLE_M,
	PROC_RUNNING_M,
	PROC_DYING,
	PROC_NR_STATES,
};

#define PROC_NAME_LEN	32

struct proc_info {
	uint32_t	pid;
	uint32_t	ppid;
	uint32_t	state;		/* enum proc_state */
	uint32_t	is_mcp;
	uint32_t	num_vcores;	/* online */
	uint32_t	cores_wanted;
	uint64_t	pages;		/* of user memory */
	uint64_t	posted;		/* messages */
	char		name[PROC_NAME_LEN];
};

struct core_info {
	uint32_t	coreid;
	uint32_t	apicid;
	uint32_t	pid;		/* owner; 0: idle */
	uint32_t	vcoreid;
};
