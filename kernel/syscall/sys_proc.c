/*
 * sys_proc.c - system calls about processes and cores.
 */
#include "syscall/syscall.h"

#include "abi/errno.h"
#include "abi/signal.h"
#include "arch/x86/timer.h"
#include "core/core.h"
#include "core/kthread.h"
#include "event/event.h"
#include "lib/string.h"
#include "mm/aspace.h"
#include "mm/kmalloc.h"
#include "mm/page.h"
#include "mm/usercopy.h"
#include "proc/preempt.h"
#include "proc/proc.h"
#include "proc/sched.h"
#include "sync/atomic.h"

#define ARGS_MAX	4096

int copy_path(char *path, uint64_t u_path, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (copy_from_user(&path[i], (char *)u_path + i, 1))
			return -EFAULT;
		if (!path[i])
			return 0;
	}
	return -ENAMETOOLONG;
}

/* (path, args, args_len, argc) */
int64_t sys_proc_create(struct proc *p, const uint64_t *args)
{
	char path[PROC_NAME_LEN];
	size_t len = args[2];
	struct proc *child;
	char *copy;
	int err;

	err = copy_path(path, args[0], sizeof(path));
	if (err)
		return err;
	if (len > ARGS_MAX || args[3] > len)
		return -E2BIG;
	copy = kmalloc(len + 1);
	if (!copy)
		return -ENOMEM;
	err = -EFAULT;
	if (len && copy_from_user(copy, (void *)args[1], len))
		goto free_copy;
	copy[len] = '\0';
	err = proc_create(path, copy, len + 1, args[3], p, &child);
	if (err)
		goto free_copy;
	err = child->pid;
	proc_put(child);
free_copy:
	kfree(copy);
	return err;
}

/* (pid) */
int64_t sys_proc_run(struct proc *p, const uint64_t *args)
{
	struct proc *child = proc_lookup(args[0]);
	int err = -ESRCH;

	if (!child)
		return err;
	if (child->ppid == p->pid)
		err = proc_run(child);
	proc_put(child);
	return err;
}

/* (pid or -1, int32_t *status, WNOHANG) */
int64_t sys_waitpid(struct proc *p, const uint64_t *args)
{
	uint32_t pid = (int32_t)args[0] > 0 ? args[0] : 0;
	int status = 0;
	int ended = proc_wait(p, pid, args[2] & WNOHANG, &status);

	if (ended > 0 && args[1] &&
	    user_store32((uint32_t *)args[1], status))
		return -EFAULT;
	return ended;
}

/* (pid, signo) */
int64_t sys_kill(struct proc *p, const uint64_t *args)
{
	uint32_t signo = args[1];
	struct proc *target;

	if (signo >= NSIG)
		return -EINVAL;
	target = proc_lookup(args[0]);
	if (!target)
		return -ESRCH;
	if (signo == SIGKILL ||
	    (signo && !send_posix_signal(target, signo) && signo != SIGCHLD))
		proc_destroy(target, W_STATUS(0, signo));
	proc_put(target);
	return 0;
}

/* () */
int64_t sys_poke_ksched(struct proc *p, const uint64_t *args)
{
	sched_poke();
	return 0;
}

static void fill_proc_info(struct proc_info *info, struct proc *p)
{
	memset(info, 0, sizeof(*info));
	info->pid = p->pid;
	info->ppid = p->ppid;
	info->state = read_once(p->state);
	info->is_mcp = read_once(p->is_mcp);
	info->num_vcores = read_once(p->procinfo->num_vcores);
	info->cores_wanted = read_once(p->procdata->cores_wanted);
	info->pages = aspace_pages(p->as);
	info->posted = read_once(p->procinfo->posted);
	strlcpy(info->name, p->name, sizeof(info->name));
}

/* (struct proc_info *, max) */
int64_t sys_proc_info(struct proc *p, const uint64_t *args)
{
	struct proc_info *u_info = (struct proc_info *)args[0];
	uint64_t n = 0;
	struct proc *each;
	uint32_t pid = 0;

	while (n < args[1] && (each = proc_next(pid))) {
		struct proc_info info;

		fill_proc_info(&info, each);
		pid = each->pid;
		proc_put(each);
		if (copy_to_user(&u_info[n++], &info, sizeof(info)))
			return -EFAULT;
	}
	return n;
}

/*
 * The owner of @core, for people.  A peek: it may let go at any moment, so
 * compare with living processes and never follow the pointer.
 */
static void fill_core_info(struct core_info *info, struct core *core)
{
	struct proc *owner = read_once(core->owner);
	struct proc *each;
	uint32_t pid = 0;

	memset(info, 0, sizeof(*info));
	info->coreid = core->pc.coreid;
	info->apicid = core->pc.apicid;
	info->vcoreid = read_once(core->owner_vcoreid);
	while (owner && (each = proc_next(pid))) {
		pid = each->pid;
		if (each == owner) {
			info->pid = pid;
			owner = NULL;
		}
		proc_put(each);
	}
}

/* (struct core_info *, max) */
int64_t sys_core_info(struct proc *p, const uint64_t *args)
{
	struct core_info *u_info = (struct core_info *)args[0];
	uint32_t n = 0;

	for (; n < args[1] && n < core_count(); n++) {
		struct core_info info;

		fill_core_info(&info, core_of(n));
		if (copy_to_user(&u_info[n], &info, sizeof(info)))
			return -EFAULT;
	}
	return n;
}

/* (pid, vcoreid or -1: all, usec) */
int64_t sys_preempt(struct proc *p, const uint64_t *args)
{
	struct proc *target;
	uint32_t vcoreid = args[1];

	if (args[2] > UINT64_MAX / 2000)
		return -EINVAL;
	target = proc_lookup(args[0]);
	if (!target)
		return -ESRCH;
	if (args[2])
		preempt_warn(target, vcoreid, args[2] * 1000);
	else
		preempt_vcore(target, vcoreid);
	proc_put(target);
	return 0;
}

/* (pid, cores) */
int64_t sys_provision(struct proc *p, const uint64_t *args)
{
	struct proc *target = proc_lookup(args[0]);

	if (!target)
		return -ESRCH;
	sched_provision(target, args[1] < MAX_CORES ? args[1] : MAX_CORES);
	proc_put(target);
	return 0;
}

/* (struct kernel_info *) */
int64_t sys_kernel_info(struct proc *p, const uint64_t *args)
{
	struct kernel_info info = {
		.pages_total = page_total_count(),
		.pages_free = page_free_count(),
		.kthreads = kthread_count(),
		.spares = kthread_spares(),
		.objects = kmalloc_count(),
		.now_ns = time_ns(),
	};
	struct proc *each;
	uint32_t pid = 0;

	while ((each = proc_next(pid))) {
		pid = each->pid;
		info.procs++;
		proc_put(each);
	}
	return copy_to_user((void *)args[0], &info, sizeof(info));
}
