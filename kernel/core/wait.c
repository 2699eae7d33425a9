/*
 * wait.c - waiting for a condition, in a kernel thread.
 */
#include "core/wait.h"

#include "abi/errno.h"
#include "core/core.h"
#include "core/kthread.h"
#include "lib/panic.h"
#include "proc/proc.h"
#include "sync/spinlock.h"

static struct spinlock wait_lock = SPINLOCK_INIT("wait", RANK_WAIT);

uint64_t wait_lock_irqsave(void)
{
	return spin_lock_irqsave(&wait_lock);
}

void wait_unlock_irqrestore(uint64_t flags)
{
	spin_unlock_irqrestore(&wait_lock, flags);
}

void waitq_init(struct waitq *wq)
{
	list_init(&wq->waiters);
}

/*
 * First wait of a system call: from here on the call is the process's
 * business and no longer the vcore's.  -ECANCELED if the process is dying: the
 * call must end as one that never waited, for it leaves no thread behind.
 * -EAGAIN if the process has as many stacks of ours as it may.
 */
static int kthread_adopt(struct kthread *k)
{
	struct proc *p = this_core()->owner;

	if (k->proc)
		return 0;
	if (proc_is_dying(p))
		return -ECANCELED;
	if (p->nr_blocked == PROC_MAX_BLOCKED)
		return -EAGAIN;
	k->proc = p;
	proc_get(p);
	k->aborted = false;
	list_append(&p->blocked, &k->blocked_link);
	p->nr_blocked++;
	return 0;
}

int waitq_sleep(struct waitq *wq, uint64_t *flags)
{
	struct kthread *k = this_core()->kthread;
	int err;

	assert(spin_held(&wait_lock));
	if (!kthread_can_sleep()) {
		wait_unlock_irqrestore(*flags);
		err = kthread_prepare_sleep();
		*flags = wait_lock_irqsave();
		return err;
	}
	err = kthread_adopt(k);
	if (err)
		return err;
	if (k->aborted)
		return -ECANCELED;
	k->coreid = core_id();
	list_append(&wq->waiters, &k->wait_link);
	wait_unlock_irqrestore(*flags);
	kthread_sleep();
	*flags = wait_lock_irqsave();
	return k->aborted ? -ECANCELED : 0;
}

static void kthread_wake(struct kthread *k)
{
	list_remove(&k->wait_link);
	kmsg_send(k->coreid, &k->resume);
}

void waitq_wake(struct waitq *wq)
{
	struct list *l;

	while ((l = list_first(&wq->waiters)))
		kthread_wake(list_entry(l, struct kthread, wait_link));
}

bool wait_abort(struct proc *p, struct syscall *u_sysc)
{
	uint64_t flags = wait_lock_irqsave();
	bool found = false;

	list_for_each(l, &p->blocked) {
		struct kthread *k = list_entry(l, struct kthread,
					       blocked_link);

		if (u_sysc && k->u_sysc != u_sysc)
			continue;
		found = true;
		k->aborted = true;
		if (list_linked(&k->wait_link))
			kthread_wake(k);
	}
	wait_unlock_irqrestore(flags);
	return found;
}

void wait_finish(struct kthread *k)
{
	struct proc *p = k->proc;
	uint64_t flags;

	k->detached = false;
	k->u_sysc = NULL;
	if (!p)
		return;
	flags = wait_lock_irqsave();
	list_remove(&k->blocked_link);
	p->nr_blocked--;
	wait_unlock_irqrestore(flags);
	k->proc = NULL;
	proc_put(p);
}
