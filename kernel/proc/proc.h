/*
 * proc.h - processes: what runs, with which cores, and what it shares with us.
 *
 * A single-core process (SCP) is vcore 0 on core 0, in turns with others.  A
 * many-core process (MCP) owns the cores that its vcores are on.
 */
#pragma once

#include "abi/proc.h"
#include "abi/syscall.h"
#include "core/kmsg.h"
#include "core/wait.h"
#include "lib/list.h"
#include "sync/atomic.h"
#include "sync/spinlock.h"

struct aspace;
struct file;


/* A vcore is in proc->vcores[vcoreid] and, in an MCP, on one list. */
struct vcore {
	struct list	link;		/* p->lock; peeked through list heads */
};

/* What a parent keeps of a child: it outlives the child, or the parent.
 * wait_lock protects it. */
struct child {
	struct list	link;		/* on the parent's children */
	struct proc	*parent;
	struct proc	*proc;		/* NULL once exited */
	uint32_t	pid;
	bool		exited;
	int		status;		/* W_STATUS(), once exited */
};

struct proc {
	/* Fixed at creation; read without a lock. */
	uint32_t	pid;
	uint32_t	ppid;
	uint32_t	max_vcores;
	char		name[PROC_NAME_LEN];
	struct aspace	*as;
	/* our mapping of what the user writes */
	struct procdata	*procdata;
	struct procinfo	*procinfo;	/* our mapping of what the user reads */
	uint64_t	entry;		/* the program's first instruction */
	uint64_t	stack;		/* its first rsp */

	/* p->lock: */
	struct spinlock	lock;
	uint32_t	state;		/* enum proc_state; peeked by senders
					 * [sleep-state] */
	bool		is_mcp;
	int		status;		/* W_STATUS(), once dying */
	struct vcore	*vcores;	/* max_vcores of them */
	/* on a core; senders peek [yield-list] */
	struct list	online_vcs;
	/* lost together; empty while it runs; senders peek [yield-list] */
	struct list	bulk_preempted_vcs;
	struct list	inactive_vcs;	/* neither; the head is next to start */
	bool		scp_saved;	/* an SCP off its core continues: */
	struct context	scp_ctx;	/* here; otherwise at vcore_entry */

	/* sched.c's lock: */
	struct list	sched_link;	/* runnable SCPs, or all MCPs */
	uint32_t	provisioned;	/* cores that it can always have */

	/* wait_lock: */
	struct child	*record;	/* our parent's; NULL if that is gone */
	struct list	children;	/* of ours: struct child */
	struct waitq	child_exited;
	struct list	blocked;	/* kthreads in waiting system calls */
	uint32_t	nr_blocked;
	struct file	*files[NR_FDS];	/* by descriptor */
	uint32_t	private_fds;	/* bits: children do not get them */
	struct list	alarms;		/* proc/alarms.c */
	uint32_t	nr_alarms;
	uint32_t	last_alarm;	/* the id of the newest */

	/* Own synchronization: */
	uint32_t	refs;		/* atomic; proc_get(), proc_put() */
	uint32_t	holds;		/* atomic; proc_hold() */
	struct kmsg	doom;		/* proc_kill_later() */
	uint32_t	doom_signo;	/* atomic */
	struct list	table_link;	/* the table's lock */
};

/* vcore @vcoreid of @p in procdata; the id must be below max_vcores. */
static inline struct vcpd *vcpd_of(struct proc *p, uint32_t vcoreid)
{
	return &p->procdata->vcpd[vcoreid];
}

/* The same as the user sees it: for mailboxes, which lie in user memory. */
static inline struct vcpd *u_vcpd_of(uint32_t vcoreid)
{
	return &((struct procdata *)PROCDATA_VA)->vcpd[vcoreid];
}

static inline uint32_t vcoreid_of(struct proc *p, struct vcore *vc)
{
	return vc - p->vcores;
}

/* A peek: without p->lock the answer may be old.  Dying stays true. */
static inline bool proc_is_dying(struct proc *p)
{
	return read_once(p->state) == PROC_DYING;
}

/*
 * References.  Whoever holds one may use @p and its address space; what p->lock
 * protects may change all the same.  The last proc_put() frees everything.
 *
 * Context: any but interrupts; for proc_put() no locks, and @p's address
 * space not loaded on this core unless the core owns it.
 */
void proc_get(struct proc *p);
void proc_put(struct proc *p);

/*
 * The reference of a core that runs @p or is about to, and its end.  The parent
 * hears of a death when no core holds @p any more: till then its program may
 * run, and kill or write to whoever comes after it.
 *
 * Context: as above; proc_hold() only while something else holds @p, which
 * being alive does.
 */
void proc_hold(struct proc *p);
void proc_release(struct proc *p);

/* A reference to the process with @pid, or NULL.  Context: no locks. */
struct proc *proc_lookup(uint32_t pid);

/* Any process after @pid, by number, with a reference; NULL at the end. */
struct proc *proc_next(uint32_t pid);

/*
 * Change p->state.  Panics on a change that the table in proc.c does not have.
 * Context: p->lock held.
 */
void proc_set_state(struct proc *p, enum proc_state state);

/* Name of a state, for people. */
const char *proc_state_name(uint32_t state);

/*
 * A new process, PROC_CREATED, from program @path of the initramfs, with
 * @argc strings in the @args_len bytes at @args.  One reference, for the
 * caller; the other, for being alive, ends with proc_destroy().  @parent may
 * be NULL.
 *
 * 0, -ENOENT, -ENOEXEC, -ENOMEM, -E2BIG; -ECANCELED: @parent is dying.
 * Context: no locks.
 */
int proc_create(const char *path, const char *args, size_t args_len,
		uint32_t argc, struct proc *parent, struct proc **out);

/* Let it run.  -EINVAL if it has been started before.  Context: no locks. */
int proc_run(struct proc *p);

/*
 * End @p with @status (W_STATUS()), from any state.  Its cores learn of it by
 * message and let go, the last of them tells the parent; the first call wins,
 * later ones do nothing.
 *
 * Context: kthread or routine message, no locks.
 */
void proc_destroy(struct proc *p, int status);

/* End @p by @signo, soon.  Context: any but interrupts, any locks. */
void proc_kill_later(struct proc *p, uint32_t signo);

/*
 * Wait for a child of @p to end and to be off all cores: @pid, or any if that
 * is 0.  Its pid, and *@status; 0 if there is none yet and @nohang; -ECHILD if
 * there is none to wait for, or as waitq_sleep().
 *
 * Context: kthread.
 */
int proc_wait(struct proc *p, uint32_t pid, bool nohang, int *status);
