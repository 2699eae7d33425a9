/*
 * proc.c - processes: the table of them, their states, their birth and death.
 *
 * A process is alive from proc_create() to proc_destroy(), and being alive is
 * one hold, as each core is that is its own or about to be.  The parent is told
 * when the last hold is gone: a core that has not yet heard the news runs the
 * program on.  The memory goes with the last reference, which may be a waiting
 * system call's, or that of someone who is sending the process an event.
 */
#include "proc/proc.h"

#include "abi/errno.h"
#include "abi/signal.h"
#include "arch/x86/context.h"
#include "core/core.h"
#include "dev/exit.h"
#include "dev/file.h"
#include "event/event.h"
#include "lib/panic.h"
#include "lib/string.h"
#include "mm/kmalloc.h"
#include "proc/alarms.h"
#include "proc/image.h"
#include "proc/sched.h"
#include "sync/atomic.h"

#define INIT_PID	1

static struct spinlock table_lock = SPINLOCK_INIT("proc_table", RANK_PROCTAB);
static struct list table = LIST_INIT(table);	/* table_lock; by pid */
static uint32_t last_pid;			/* table_lock */

static const char *const state_names[PROC_NR_STATES] = {
	[PROC_CREATED]		= "created",
	[PROC_RUNNABLE_S]	= "runnable",
	[PROC_RUNNING_S]	= "running",
	[PROC_WAITING]		= "waiting",
	[PROC_RUNNABLE_M]	= "runnable-m",
	[PROC_RUNNING_M]	= "running-m",
	[PROC_DYING]		= "dying",
};

#define TO(state)	(1U << PROC_##state)

/* From each state, where one may go. */
static const uint32_t transitions[PROC_NR_STATES] = {
	[PROC_CREATED]	  = TO(RUNNABLE_S) | TO(DYING),
	[PROC_RUNNABLE_S] = TO(RUNNING_S) | TO(DYING),
	[PROC_RUNNING_S]  = TO(RUNNABLE_S) | TO(WAITING) | TO(RUNNABLE_M) |
			    TO(DYING),
	[PROC_WAITING]	  = TO(RUNNABLE_S) | TO(RUNNING_S) | TO(RUNNABLE_M) |
			    TO(DYING),
	[PROC_RUNNABLE_M] = TO(RUNNING_M) | TO(DYING),
	[PROC_RUNNING_M]  = TO(RUNNABLE_M) | TO(WAITING) | TO(DYING),
	[PROC_DYING]	  = 0,
};

const char *proc_state_name(uint32_t state)
{
	return state < PROC_NR_STATES ? state_names[state] : "?";
}

void proc_set_state(struct proc *p, enum proc_state state)
{
	assert(spin_held(&p->lock));
	if (!(transitions[p->state] & 1U << state))
		panic("process %u cannot go from %s to %s", p->pid,
		      proc_state_name(p->state), proc_state_name(state));
	write_once(p->state, state);
}

void proc_get(struct proc *p)
{
	atomic_fetch_add32(&p->refs, 1);
}

void proc_put(struct proc *p)
{
	uint32_t before = atomic_fetch_add32(&p->refs, -1);

	assert(before);
	if (before > 1)
		return;
	assert(p->state == PROC_DYING && list_empty(&p->blocked));
	image_free(p);
	kfree(p->vcores);
	kfree(p);
}

/* Tell the parent: it may be waiting, and it may want to hear. */
static void proc_part(struct proc *p)
{
	uint64_t flags = wait_lock_irqsave();
	struct child *record = p->record;
	struct proc *parent = NULL;

	if (record) {
		record->exited = true;
		record->status = p->status;
		record->proc = NULL;
		p->record = NULL;
		parent = record->parent;
		proc_get(parent);
		waitq_wake(&parent->child_exited);
	}
	wait_unlock_irqrestore(flags);
	if (!parent)
		return;
	send_posix_signal(parent, SIGCHLD);
	proc_put(parent);
}

void proc_hold(struct proc *p)
{
	proc_get(p);
	atomic_fetch_add32(&p->holds, 1);
}

void proc_release(struct proc *p)
{
	if (atomic_fetch_add32(&p->holds, -1) == 1)
		proc_part(p);
	proc_put(p);
}

struct proc *proc_next(uint32_t pid)
{
	struct proc *found = NULL;

	spin_lock(&table_lock);
	list_for_each(l, &table) {
		found = list_entry(l, struct proc, table_link);
		if (found->pid > pid)
			break;
		found = NULL;
	}
	if (found)
		proc_get(found);
	spin_unlock(&table_lock);
	return found;
}

struct proc *proc_lookup(uint32_t pid)
{
	struct proc *p = pid ? proc_next(pid - 1) : NULL;

	if (!p || p->pid == pid)
		return p;
	proc_put(p);
	return NULL;
}

/* Runs on some core, where the caller of proc_kill_later() could not. */
static void proc_doom(struct kmsg *msg)
{
	struct proc *p = list_entry(msg, struct proc, doom);

	proc_destroy(p, W_STATUS(0, read_once(p->doom_signo)));
	proc_put(p);
}

void proc_kill_later(struct proc *p, uint32_t signo)
{
	if (atomic_swap32(&p->doom_signo, signo))
		return;
	proc_get(p);
	kmsg_send(core_id(), &p->doom);
}

/* The parts of a process that need no memory but its own. */
static struct proc *proc_alloc(const char *path)
{
	uint32_t max_vcores = image_max_vcores();
	struct proc *p = kzalloc(sizeof(*p));

	if (!p)
		return NULL;
	p->vcores = kzalloc(max_vcores * sizeof(*p->vcores));
	if (!p->vcores) {
		kfree(p);
		return NULL;
	}
	p->max_vcores = max_vcores;
	p->refs = 1;
	p->holds = 1;
	strlcpy(p->name, path, sizeof(p->name));
	spin_init(&p->lock, "proc", RANK_PROC);
	kmsg_init(&p->doom, KMSG_ROUTINE, proc_doom);
	waitq_init(&p->child_exited);
	list_init(&p->online_vcs);
	list_init(&p->bulk_preempted_vcs);
	list_init(&p->inactive_vcs);
	list_init(&p->sched_link);
	list_init(&p->children);
	list_init(&p->blocked);
	list_init(&p->alarms);
	list_init(&p->table_link);
	for (uint32_t i = 0; i < max_vcores; i++)
		list_append(&p->inactive_vcs, &p->vcores[i].link);
	return p;
}

/* Make @record what @parent knows of its child @p.  False: the parent is dying,
 * and may have disowned its children already; @record is not used. */
static bool proc_adopt(struct proc *p, struct proc *parent,
		       struct child *record)
{
	uint64_t flags = wait_lock_irqsave();
	bool dying = proc_is_dying(parent);

	if (!dying) {
		record->pid = p->pid;
		record->proc = p;
		record->parent = parent;
		p->record = record;
		list_append(&parent->children, &record->link);
	}
	wait_unlock_irqrestore(flags);
	return !dying;
}

/*
 * Give @p a number, a place in the table and, if it has one, its parent's
 * @record of it: all at once, for whoever finds it in the table may kill it,
 * and its parent is to hear of that.  False: as proc_adopt().
 */
static bool proc_announce(struct proc *p, struct proc *parent,
			  struct child *record)
{
	bool adopted;

	spin_lock(&table_lock);
	p->pid = ++last_pid;
	p->procinfo->pid = p->pid;
	p->ppid = parent ? parent->pid : 0;
	p->procinfo->ppid = p->ppid;
	proc_get(p);
	adopted = !parent || proc_adopt(p, parent, record);
	list_append(&table, &p->table_link);
	spin_unlock(&table_lock);
	return adopted;
}

int proc_create(const char *path, const char *args, size_t args_len,
		uint32_t argc, struct proc *parent, struct proc **out)
{
	struct child *record = NULL;
	struct proc *p;
	int err = -ENOMEM;

	if (parent) {
		record = kzalloc(sizeof(*record));
		if (!record)
			return -ENOMEM;
	}
	p = proc_alloc(path);
	if (!p)
		goto free_record;
	err = image_load(p, path, args, args_len, argc);
	if (err)
		goto free_proc;
	context_init(&p->scp_ctx, p->entry, p->stack);
	p->scp_saved = true;
	if (parent)
		file_inherit(p, parent);
	else
		file_open_console(p);
	if (!proc_announce(p, parent, record)) {
		proc_destroy(p, W_STATUS(0, SIGHUP));
		proc_put(p);
		err = -ECANCELED;
		goto free_record;
	}
	*out = p;
	return 0;

free_proc:
	kfree(p->vcores);
	kfree(p);
free_record:
	kfree(record);
	return err;
}

int proc_run(struct proc *p)
{
	int err = -EINVAL;

	spin_lock(&p->lock);
	if (p->state == PROC_CREATED) {
		proc_set_state(p, PROC_RUNNABLE_S);
		sched_scp_runnable(p);
		err = 0;
	}
	spin_unlock(&p->lock);
	return err;
}

/* Take the next child out of @p's records, which the caller frees.  In *orphan
 * what has no parent any more, with a reference, or NULL. */
static struct child *child_pop(struct proc *p, struct proc **orphan)
{
	uint64_t flags = wait_lock_irqsave();
	struct list *l = list_pop(&p->children);
	struct child *child = l ? list_entry(l, struct child, link) : NULL;

	*orphan = child ? child->proc : NULL;
	if (*orphan) {
		(*orphan)->record = NULL;
		proc_get(*orphan);
	}
	wait_unlock_irqrestore(flags);
	return child;
}

/* Forget the children.  Those that run go on; those that were never started
 * now never will be. */
static void proc_disown(struct proc *p)
{
	struct child *child;
	struct proc *orphan;

	while ((child = child_pop(p, &orphan))) {
		kfree(child);
		if (!orphan)
			continue;
		if (read_once(orphan->state) == PROC_CREATED)
			proc_kill_later(orphan, SIGHUP);
		proc_put(orphan);
	}
}

void proc_destroy(struct proc *p, int status)
{
	spin_lock(&p->lock);
	if (p->state == PROC_DYING) {
		spin_unlock(&p->lock);
		return;
	}
	proc_set_state(p, PROC_DYING);
	p->status = status;
	/* Cores that are ours, or about to be, look at the state before they
	 * next enter user mode. */
	for (uint32_t v = 0; v < p->max_vcores; v++) {
		struct vcore_map *map = &p->procinfo->vcoremap[v];

		if (map->valid)
			kmsg_send(map->coreid, &core_of(map->coreid)->look);
	}
	spin_unlock(&p->lock);

	sched_remove(p);
	spin_lock(&table_lock);
	list_remove(&p->table_link);
	spin_unlock(&table_lock);
	wait_abort(p, NULL);
	alarms_cancel_all(p);
	file_close_all(p);
	proc_disown(p);
	if (p->pid == INIT_PID)
		machine_exit(W_SIGNAL(status) ? 128 + W_SIGNAL(status)
					      : W_CODE(status));
	proc_release(p);
}

/* A child of @p that @pid names: one that has ended, else any; else NULL. */
static struct child *child_find(struct proc *p, uint32_t pid)
{
	struct child *any = NULL;

	list_for_each(l, &p->children) {
		struct child *child = list_entry(l, struct child, link);

		if (pid && child->pid != pid)
			continue;
		if (child->exited)
			return child;
		any = child;
	}
	return any;
}

int proc_wait(struct proc *p, uint32_t pid, bool nohang, int *status)
{
	uint64_t flags = wait_lock_irqsave();
	struct child *child;
	int err = 0;

	for (;;) {
		child = child_find(p, pid);
		if (!child)
			err = -ECHILD;
		if (err || child->exited || nohang)
			break;
		err = waitq_sleep(&p->child_exited, &flags);
	}
	if (err || !child->exited) {
		wait_unlock_irqrestore(flags);
		return err;
	}
	list_remove(&child->link);
	wait_unlock_irqrestore(flags);
	*status = child->status;
	pid = child->pid;
	kfree(child);
	return pid;
}
