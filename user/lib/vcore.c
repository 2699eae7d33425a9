/*
 * vcore.c - asking for cores, entering and leaving vcore context.
 *
 * The kernel enters at vcore_main(), by way of vcore_entry.S, whenever it
 * starts a vcore or notifies one.  The way out is context.S, or a yield.
 */
#include "vcore.h"

#include "abi/errno.h"
#include "atomic.h"
#include "event.h"
#include "mbox.h"
#include "preempt.h"
#include "race.h"
#include "runtime.h"
#include "switch.h"
#include "syscall.h"
#include "tls.h"
#include "uspin.h"
#include "uthread.h"

#define VCORE_STACK_SIZE	(32 * 1024UL)

struct vcore vcores[MAX_VCORES];

static void (*user_entry)(void);
static uint32_t limit = 1;

/* One at a time makes vcores ready. */
static struct uspin setup_lock;

uint32_t vcore_id(void)
{
	return read_once(tcb_self()->vcoreid);
}

bool notifs_masked(void)
{
	struct tcb *tcb = tcb_self();

	return tcb->in_vcore || tcb->notif_depth;
}

uint32_t num_vcores(void)
{
	return read_once(procinfo->num_vcores);
}

uint32_t max_vcores(void)
{
	return procinfo->max_vcores;
}

bool in_vcore_context(void)
{
	return tcb_self()->in_vcore;
}

bool vcore_is_raw(void)
{
	return read_once(user_entry);
}

bool vcore_is_mapped(uint32_t vcoreid)
{
	return read_once(procinfo->vcoremap[vcoreid].valid);
}

uint32_t vcore_limit(void)
{
	return read_once(limit);
}

void vcore_set_limit(uint32_t n)
{
	write_once(limit, n);
}

void *stack_alloc(size_t size)
{
	int64_t va = syscall_call(SYS_mmap, 0, size + PAGE_SIZE,
				  PROT_READ | PROT_WRITE, 0, 0);

	if (va < 0)
		return NULL;
	/* If either fails the stack is as good, only without its guard. */
	if (!syscall_call(SYS_munmap, (uint64_t)va, PAGE_SIZE, 0, 0, 0))
		(void)syscall_call(SYS_mmap, (uint64_t)va, PAGE_SIZE, 0, 0, 0);
	return (void *)(va + PAGE_SIZE);
}

/* Give @vcoreid what it needs before the kernel may start it. */
static int vcore_init_locked(uint32_t vcoreid)
{
	struct vcpd *vcpd = vcpd_of(vcoreid);
	void *stack = stack_alloc(VCORE_STACK_SIZE);
	struct tcb *tcb;

	if (!stack)
		return -ENOMEM;
	tcb = tls_init(stack, VCORE_STACK_SIZE);
	tcb->in_vcore = true;
	tcb->vcoreid = vcoreid;
	if (mbox_init(&vcpd->mbox_public, EV_MBOX_UCQ) ||
	    mbox_init(&vcpd->mbox_private, EV_MBOX_UCQ))
		return -ENOMEM;
	if (uthread_vcore_init(vcoreid))
		return -ENOMEM;
	vcpd->vcore_stack = (uint64_t)tls_bottom(tcb);
	vcpd->vcore_tls = (uint64_t)tcb;
	vcpd->vcore_entry = (uint64_t)vcore_entry;
	write_once(vcores[vcoreid].ready, true);
	return 0;
}

static int vcores_init_below(uint32_t n)
{
	int err = 0;

	uspin_lock(&setup_lock);
	for (uint32_t i = 0; i < n && !err; i++) {
		if (!vcores[i].ready)
			err = vcore_init_locked(i);
	}
	uspin_unlock(&setup_lock);
	return err;
}

int vcore_prepare_first(void)
{
	return vcores_init_below(1);
}

/*
 * May the caller have @n vcores?  Then make them ready: before @n are wanted,
 * for the kernel starts any vcore of as many as are wanted.
 */
static int vcores_prepare(uint32_t n)
{
	if (!n || n > max_vcores())
		return -EINVAL;
	/* The kernel is about to interrupt us as if by a notification. */
	if (!procinfo->is_mcp && notifs_masked())
		return -EBUSY;
	return vcores_init_below(n);
}

/* Tell the kernel that cores_wanted has changed. */
static int tell_kernel(void)
{
	uint32_t call = procinfo->is_mcp ? SYS_poke_ksched : SYS_change_to_m;
	int64_t err = procinfo->is_mcp ? 0 : preempt_init();

	if (!err)
		err = syscall_call(call, 0, 0, 0, 0, 0);

	return err < 0 ? (int)err : 0;
}

static void raise_limit(uint32_t n)
{
	uint32_t now;

	/* Ends when nobody else changes the number. */
	do {
		now = vcore_limit();
	} while (now < n && !atomic_cas32(&limit, now, n));
}

int vcore_request_total(uint32_t n)
{
	int err = vcores_prepare(n);

	if (err)
		return err;
	raise_limit(n);
	atomic_swap32(&procdata->cores_wanted, n);
	return tell_kernel();
}

/* Want max(@n, as many as before).  True if that is more. */
static bool want_at_least(uint32_t n)
{
	uint32_t wanted;

	/* Ends when nobody else changes the number. */
	do {
		wanted = read_once(procdata->cores_wanted);
		if (wanted >= n)
			return false;
	} while (!atomic_cas32(&procdata->cores_wanted, wanted, n));
	return true;
}

int vcore_want(uint32_t n)
{
	int err = vcores_prepare(n);

	if (err)
		return err;
	return want_at_least(n) ? tell_kernel() : 0;
}

int vcore_request_more(uint32_t n)
{
	uint32_t wanted, total;
	int err;

	if (!n || n > max_vcores())
		return -EINVAL;
	/* Ends when nobody else changes the number, which would be one of
	 * which we have not made enough ready. */
	do {
		wanted = read_once(procdata->cores_wanted);
		total = wanted + n;
		err = vcores_prepare(total);
		if (err)
			return err;
		raise_limit(total);
	} while (!atomic_cas32(&procdata->cores_wanted, wanted, total));
	return tell_kernel();
}

/* Want one core less.  False: none was wanted. */
static bool want_one_less(void)
{
	uint32_t wanted;

	/* Ends when nobody else changes the number. */
	do {
		wanted = read_once(procdata->cores_wanted);
		if (!wanted)
			return false;
	} while (!atomic_cas32(&procdata->cores_wanted, wanted, wanted - 1));
	return true;
}

/*
 * We stay after all.  If something @came, we have never wanted less: whoever
 * brought it may have seen that enough were wanted, before we changed that, and
 * the kernel may have looked since.  If it is the kernel that keeps us, want
 * again what we have; to insist on more would keep us here, with nothing to do,
 * until it comes.  Others may have wanted more meanwhile, so that this is one
 * too many: never one that was not made ready.  Vcores are made ready in order,
 * and stay so.
 */
static void want_one_more(bool came)
{
	uint32_t wanted;

	/* Ends when nobody else changes the number. */
	do {
		wanted = read_once(procdata->cores_wanted);
		if (wanted >= (came ? vcore_limit() : num_vcores()) ||
		    !read_once(vcores[wanted].ready))
			return;
	} while (!atomic_cas32(&procdata->cores_wanted, wanted, wanted + 1));
	if (wanted >= num_vcores())
		(void)tell_kernel();
}

/* Is there a reason not to yield?  Uthreads that are ready are none if we are
 * only nice: the core will be gone, and others run them. */
static bool something_came(struct vcpd *vcpd, bool being_nice)
{
	if (read_once(vcpd->notif_pending) ||
	    !mbox_is_empty(&vcpd->mbox_private) ||
	    !mbox_is_empty(&vcpd->mbox_public))
		return true;
	return !being_nice && !read_once(user_entry) &&
	       sched_get()->has_work();
}

/*
 * A many-core process wants one core less, unless we are only nice, and wants
 * it again if we stay.  Handlers that we came out of are left, not returned to:
 * if we stay, the vcore starts over at vcore_loop(); without such handlers what
 * came is handled before we return.  If we stay others may count on our reading
 * again.
 *
 * [yield-look]  No message in the mailbox of a vcore that left for good.
 *
 *   sender, kernel                this vcore
 *   message, notif_pending        clear VC_CAN_RCV_MSG
 *   full_fence()                  full_fence()
 *   VC_CAN_RCV_MSG? delivered     mailboxes empty? yield
 *
 * Both reading "yes" would lose the message.
 */
void vcore_yield(bool being_nice)
{
	uint32_t vcoreid = vcore_id();
	struct vcpd *vcpd = vcpd_of(vcoreid);
	bool in_handler = vcores[vcoreid].drain;
	bool wants_less = false, came;

	event_leave_handlers();
	if (!being_nice && procinfo->is_mcp)
		wants_less = want_one_less();
	atomic_fetch_and32(&vcpd->flags, ~(uint32_t)VC_CAN_RCV_MSG);
	/* Flag before mailboxes.  Pairs with full_fence() in
	 * kernel/event/vcmsg.c:post_vc_msg() [yield-look].
	 * Cores wanted before ready uthreads.  Pairs with full_fence() in
	 * user/lib/uthread.c:uthread_ask_for_vcores() [sched-yield]. */
	full_fence();
	race_point(YIELD_CLEARED);
	came = something_came(vcpd, being_nice);
	if (!came) {
		race_point(YIELD_LOOKED);
		(void)sys_yield(being_nice);
	}

	/* Still here: something came, or the kernel has refused. */
	atomic_fetch_or32(&vcpd->flags, VC_CAN_RCV_MSG);
	if (wants_less)
		want_one_more(came);
	/* What called us has been left. */
	if (in_handler)
		vcore_reenter(vcore_loop);
	handle_events(vcoreid);
}

void vcore_loop(void)
{
	for (;;) {
		void (*entry)(void) = read_once(user_entry);

		handle_events(vcore_id());
		/* Before we go on with a uthread that is safe just now. */
		vcore_heed_warning();
		if (entry)
			entry();
		else
			sched_get()->entry();
	}
}

void vcore_main(uint32_t vcoreid)
{
	vcpd_of(vcoreid)->nr_entries++;
	vcore_wait_stealing(vcoreid);
	vcore_loop();
}

static void reenter(void *entry_func)
{
	((void (*)(void))entry_func)();
	vcore_loop();
}

void vcore_reenter(void (*entry_func)(void))
{
	event_leave_handlers();
	stack_call(vcpd_of(vcore_id())->vcore_stack, reenter, entry_func);
}

void vcore_set_entry(void (*fn)(void))
{
	write_once(user_entry, fn);
}

void vcore_run_context(struct context *ctx)
{
	event_leave_handlers();
	context_restore(ctx, vcpd_of(vcore_id()));
}

void disable_notifs(void)
{
	struct tcb *tcb = tcb_self();

	if (tcb->in_vcore)
		return;
	/* The depth pins us to our vcore: detach_current_uthread() respects
	 * it.  So which vcore we mask is asked after. */
	write_once(tcb->notif_depth, tcb->notif_depth + 1);
	compiler_barrier();
	write_once(vcpd_of(read_once(tcb->vcoreid))->notif_disabled, 1);
	compiler_barrier();
}

/* Into vcore context: a notification of our own, privately and without a
 * message, is the way from a uthread. */
static void come_in(uint32_t vcoreid)
{
	(void)syscall_call(SYS_self_notify, vcoreid, EV_NONE, 0, true, 0);
}

/* Unmask vcore @vcoreid, our own.  If something came meanwhile, or our uthread
 * is just being taken, nobody interrupts us for it. */
static void unmask(uint32_t vcoreid)
{
	struct vcpd *vcpd = vcpd_of(vcoreid);

	write_once(vcpd->notif_disabled, 0);
	/* Unmasked before the look.  Pairs with full_fence() in
	 * kernel/proc/notify.c:proc_notify() [unmask].
	 * And nobody is taking our uthread.  Pairs with atomic_cas32()
	 * in user/lib/preempt.c:steal_begin() [steal]. */
	full_fence();
	race_point(UNMASKED);
	if (read_once(vcpd->notif_pending) ||
	    read_once(vcpd->flags) & VC_UTHREAD_STEALING)
		come_in(vcoreid);
}

void enable_notifs(void)
{
	struct tcb *tcb = tcb_self();
	uint32_t vcoreid = tcb->vcoreid;

	if (tcb->in_vcore)
		return;
	compiler_barrier();
	/* Not pinned any more when unmask() is interrupted: a scheduler or a
	 * signal that had to wait for this finds us free.  If we are moved at
	 * once, the old vcore is looked at, and notified for nothing. */
	write_once(tcb->notif_depth, tcb->notif_depth - 1);
	compiler_barrier();
	if (tcb->notif_depth)
		return;
	unmask(vcoreid);
	/* Somebody wanted us and could not have us.  If we are moved now, he
	 * can. */
	if (read_once(tcb->passed_over)) {
		write_once(tcb->passed_over, false);
		come_in(vcore_id());
	}
}
