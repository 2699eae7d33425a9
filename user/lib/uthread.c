/*
 * uthread.c - threads, and a scheduler that is good enough.
 *
 * A uthread's context is in one of three places: in its own struct while it is
 * ready or blocked; in the registers while it runs; in the VCPD when the kernel
 * has interrupted it, and then `current` of that vcore says whose it is.
 *
 * Blocking goes: mask notifications, save, change to the vcore's stack, and
 * only there tell anybody about the saved uthread.  So whoever makes it
 * runnable, even before the vcore has looked around, finds all of it.
 */
#include "uthread.h"

#include "abi/errno.h"
#include "atomic.h"
#include "event.h"
#include "evq.h"
#include "mbox.h"
#include "runtime.h"
#include "switch.h"
#include "syscall.h"
#include "tls.h"
#include "uspin.h"
#include "vcore.h"

#define UTHREAD_STACK_SIZE	(64 * 1024UL)
#define UTHREAD_ENDED		((void *)1)
#define UTHREAD_DETACHED	((void *)2)

/* Looks that a vcore without work takes before it yields: a partner that
 * answers at once need not wait for the kernel. */
#define IDLE_LOOKS		200

static struct uthread main_uthread;
static uint32_t nr_uthreads = 1;	/* not yet ended; atomic */
static uint32_t nr_active = 1;		/* of them, not blocked; atomic */
static bool keep_vcores;

/* Ready uthreads, oldest first.  ready_head is peeked without the lock: a wrong
 * look is followed by another, or by a kernel that refuses to let us go. */
static struct uspin ready_lock;
static struct uthread *ready_head;
static struct uthread *ready_tail;

/* Stacks of uthreads that were joined, with the struct in it. */
static struct uspin stacks_lock;
static struct uthread *free_stacks;

static const struct sched_ops *sched = &uthread_sched;
static void (*run_hook)(struct uthread *uth, struct context *ctx);

void sched_set(const struct sched_ops *ops)
{
	write_once(sched, ops ? ops : &uthread_sched);
}

const struct sched_ops *sched_get(void)
{
	return read_once(sched);
}

void uthread_init(struct tcb *tcb)
{
	main_uthread.tcb = tcb;
	tcb->uthread = &main_uthread;
	vcores[0].current = &main_uthread;
}

struct uthread *uthread_self(void)
{
	return tcb_self()->uthread;
}

void uthread_set_max_vcores(uint32_t n)
{
	vcore_set_limit(n < max_vcores() ? n : max_vcores());
}

void uthread_keep_vcores(bool keep)
{
	write_once(keep_vcores, keep);
}

/* --- What runs on this vcore --------------------------------------------- */

struct uthread *current_uthread(void)
{
	return vcores[vcore_id()].current;
}

/* The current uthread goes on at @ctx. */
static void __attribute__((noreturn)) run_context(struct uthread *uth,
						 struct context *ctx)
{
	void (*hook)(struct uthread *uth, struct context *ctx);

	/* Before the hook, which may put a signal's frame on the stack. */
	context_finish(ctx);
	/* Vcore before signals, and before the hook that looks for them.
	 * Pairs with atomic_fetch_or32() in
	 * user/lib/signal.c:uthread_kill() [sig-run]. */
	full_fence();
	hook = read_once(run_hook);
	if (hook)
		hook(uth, ctx);
	vcore_run_context(ctx);
}

void uthread_set_run_hook(void (*hook)(struct uthread *uth,
				       struct context *ctx))
{
	write_once(run_hook, hook);
}

void run_current_uthread(void)
{
	struct uthread *uth = current_uthread();

	if (uth)
		run_context(uth, &vcpd_of(vcore_id())->uthread_ctx);
}

void run_uthread(struct uthread *uth)
{
	uint32_t vcoreid = vcore_id();

	vcores[vcoreid].current = uth;
	write_once(uth->tcb->vcoreid, vcoreid);
	run_context(uth, &uth->ctx);
}

bool uthread_is_pinned(struct uthread *uth)
{
	if (!read_once(uth->tcb->notif_depth))
		return false;
	write_once(uth->tcb->passed_over, true);
	return true;
}

struct uthread *detach_current_uthread(void)
{
	uint32_t vcoreid = vcore_id();
	struct uthread *uth = vcores[vcoreid].current;

	if (!uth || uthread_is_pinned(uth))
		return NULL;
	uth->ctx = vcpd_of(vcoreid)->uthread_ctx;
	vcores[vcoreid].current = NULL;
	return uth;
}

/* --- Block and go on ----------------------------------------------------- */

struct block {
	struct uthread	*uth;
	void		(*park)(struct uthread *uth, void *arg);
	void		*arg;
};

/* On the vcore's stack: the uthread is saved, and nobody knows of it yet. */
static void block_in_vcore(void *arg)
{
	struct block block = *(struct block *)arg;

	block.uth->tcb->notif_depth = 0;
	vcores[vcore_id()].current = NULL;
	block.park(block.uth, block.arg);
	vcore_loop();
}

void uthread_block(void (*park)(struct uthread *uth, void *arg), void *arg)
{
	struct block block = {
		.uth = uthread_self(),
		.park = park,
		.arg = arg,
	};
	struct vcpd *vcpd;

	disable_notifs();
	vcpd = vcpd_of(vcore_id());
	context_save_and_call(&block.uth->ctx, vcpd->vcore_stack,
			      vcpd->vcore_tls, block_in_vcore, &block);
}

/* Block the caller for something that others will end: it counts as inactive
 * from before anybody can end it. */
struct wait {
	bool		(*wait)(struct uthread *uth, void *arg);
	void		*arg;
};

static void park_inactive(struct uthread *uth, void *arg)
{
	struct wait wait = *(struct wait *)arg;

	atomic_fetch_add32(&nr_active, -1U);
	if (!wait.wait(uth, wait.arg))
		uthread_runnable(uth);
}

void uthread_block_unless(bool (*wait)(struct uthread *uth, void *arg),
			  void *arg)
{
	struct wait w = {
		.wait = wait,
		.arg = arg,
	};

	uthread_block(park_inactive, &w);
}

void uthread_runnable(struct uthread *uth)
{
	atomic_fetch_add32(&nr_active, 1);
	sched_get()->runnable(uth);
}

static void park_ready(struct uthread *uth, void *arg)
{
	sched_get()->runnable(uth);
}

void uthread_yield(void)
{
	uthread_block(park_ready, NULL);
}

/* --- The scheduler ------------------------------------------------------- */

static struct uthread *ready_pop(void)
{
	struct uthread *uth;

	if (!read_once(ready_head))
		return NULL;
	uspin_lock(&ready_lock);
	uth = ready_head;
	if (uth)
		write_once(ready_head, uth->next);
	uspin_unlock(&ready_lock);
	return uth;
}

static void ready_push(struct uthread *uth)
{
	uth->next = NULL;
	uspin_lock(&ready_lock);
	if (ready_head)
		ready_tail->next = uth;
	else
		write_once(ready_head, uth);
	ready_tail = uth;
	uspin_unlock(&ready_lock);
}

/*
 * Have as many vcores as there is work, up to the limit.
 *
 * [sched-yield]  No ready uthread without a vcore that will look.
 *
 *   this vcore                    another, vcore_yield()
 *   push the uthread              cores_wanted -= 1 (locked)
 *   full_fence()                  full_fence()
 *   cores_wanted enough?          a ready uthread? cores_wanted += 1, stay
 *
 * Both reading the old value would leave it to whoever happens to look next.
 * And if this vcore read what the other took back, that must come back whole.
 */
void uthread_ask_for_vcores(void)
{
	uint32_t n = read_once(nr_active);

	if (n > vcore_limit())
		n = vcore_limit();
	/* Push before look.  Pairs with full_fence() in
	 * user/lib/vcore.c:vcore_yield() [sched-yield]. */
	full_fence();
	if (n <= 1 && !procinfo->is_mcp)
		return;
	if (n > read_once(procdata->cores_wanted))
		/* Without more vcores it takes longer, that is all. */
		(void)vcore_want(n);
}

static void sched_runnable(struct uthread *uth)
{
	ready_push(uth);
	uthread_ask_for_vcores();
}

static bool sched_has_work(void)
{
	return read_once(ready_head) != NULL;
}

/* Wait a little for work: true if there is some, or a message. */
static bool sched_linger(struct vcpd *vcpd)
{
	for (int looks = 0; looks < IDLE_LOOKS; looks++) {
		if (read_once(ready_head) || read_once(vcpd->notif_pending))
			return true;
		cpu_relax_bounded();
	}
	return false;
}

static void sched_entry(void)
{
	struct uthread *uth;

	run_current_uthread();
	uth = ready_pop();
	if (uth)
		run_uthread(uth);
	/* A single-core process that waits gives its core to others. */
	if (procinfo->is_mcp && sched_linger(vcpd_of(vcore_id())))
		return;
	if (!read_once(keep_vcores) || !procinfo->is_mcp)
		vcore_yield(false);
}

const struct sched_ops uthread_sched = {
	.entry = sched_entry,
	.runnable = sched_runnable,
	.has_work = sched_has_work,
};

/* --- Begin and end ------------------------------------------------------- */

/* One whose uthread was joined, of @size or more; or null. */
static struct uthread *take_free_stack(size_t size)
{
	struct uthread **link = &free_stacks;
	struct uthread *uth;

	uspin_lock(&stacks_lock);
	while ((uth = *link) && uth->stack_size < size)
		link = &uth->next;
	if (uth)
		*link = uth->next;
	uspin_unlock(&stacks_lock);
	return uth;
}

/* The whole of it is one mapping: guard, stack, TLS, struct uthread. */
static struct uthread *uthread_alloc(size_t size)
{
	struct uthread *uth = take_free_stack(size);
	void *stack;

	if (uth)
		return uth;
	stack = stack_alloc(size);
	if (!stack)
		return NULL;
	uth = (struct uthread *)((char *)stack + size) - 1;
	uth->stack = stack;
	uth->stack_size = size;
	return uth;
}

static void uthread_free(struct uthread *uth)
{
	if (!uth->stack)
		return;
	uspin_lock(&stacks_lock);
	uth->next = free_stacks;
	free_stacks = uth;
	uspin_unlock(&stacks_lock);
}

/* The first function on a uthread's stack. */
static void uthread_start(void)
{
	struct uthread *uth = uthread_self();

	uthread_exit(uth->fn(uth->arg));
}

struct uthread *uthread_create_sized(void *(*fn)(void *arg), void *arg,
				     size_t stack_size)
{
	size_t pages = (stack_size + PAGE_SIZE - 1) & -PAGE_SIZE;
	struct uthread *uth = pages < stack_size ? NULL : uthread_alloc(pages);
	struct tcb *tcb;

	if (!uth)
		return NULL;
	tcb = tls_init(uth->stack, (size_t)((char *)uth - (char *)uth->stack));
	tcb->uthread = uth;
	uth->tcb = tcb;
	uth->fn = fn;
	uth->arg = arg;
	uth->joiner = NULL;
	uth->result = NULL;
	uth->priority = 0;
	uth->deadline = NULL;
	uth->sig_mask = uthread_self()->sig_mask;
	uth->sig_pending = 0;
	uth->sig_taking = false;
	uth->sig_frame = NULL;
	context_init(&uth->ctx, (uint64_t)tls_bottom(tcb), (uint64_t)tcb,
		     uthread_start);
	atomic_fetch_add32(&nr_uthreads, 1);
	disable_notifs();
	uthread_runnable(uth);
	enable_notifs();
	/* The first that is more than one vcore's work makes a single-core
	 * process a many-core one, which only a uthread can. */
	if (!procinfo->is_mcp)
		uthread_ask_for_vcores();
	return uth;
}

struct uthread *uthread_create(void *(*fn)(void *arg), void *arg)
{
	return uthread_create_sized(fn, arg, UTHREAD_STACK_SIZE);
}

static void park_ended(struct uthread *uth, void *arg)
{
	struct uthread *joiner;

	atomic_fetch_add32(&nr_active, -1U);
	/* The result before the end.  Pairs with load_acquire() in
	 * user/lib/uthread.c:uthread_join() [join].  After this swap a joiner
	 * may free @uth. */
	joiner = atomic_swap_ptr(&uth->joiner, UTHREAD_ENDED);
	if (joiner == UTHREAD_DETACHED)
		uthread_free(uth);
	else if (joiner)
		uthread_runnable(joiner);
	if (atomic_fetch_add32(&nr_uthreads, -1U) == 1)
		sys_exit(0);
}

void uthread_exit(void *result)
{
	uthread_self()->result = result;
	/* Nobody makes it runnable again; the loop tells the compiler. */
	for (;;)
		uthread_block(park_ended, NULL);
}

int uthread_detach(struct uthread *uth)
{
	if (atomic_cas_ptr(&uth->joiner, NULL, UTHREAD_DETACHED))
		return 0;
	/* It runs, and somebody will free it. */
	if (read_once(uth->joiner) != UTHREAD_ENDED)
		return -EINVAL;
	/* Ended already: then there is nobody else to free it. */
	uthread_free(uth);
	return 0;
}

static bool wait_for_end(struct uthread *self, void *arg)
{
	struct uthread *uth = arg;

	return atomic_cas_ptr(&uth->joiner, NULL, self);
}

int uthread_join(struct uthread *uth, void **result)
{
	/* The end before the result.  Pairs with atomic_swap_ptr() in
	 * user/lib/uthread.c:park_ended() [join]. */
	if (load_acquire(&uth->joiner) != UTHREAD_ENDED)
		uthread_block_unless(wait_for_end, uth);
	if (result)
		*result = uth->result;
	uthread_free(uth);
	return 0;
}

/* --- System calls that wait ---------------------------------------------- */

/*
 * The call is registered only after the uthread is saved: its completion may
 * be handled on another vcore at once.
 */
static bool wait_for_syscall(struct uthread *self, void *arg)
{
	struct syscall *sc = arg;

	sc->u_data = self;
	return register_evq(sc, vcores[vcore_id()].sysc_evq);
}

void uthread_block_on_syscall(struct syscall *sc)
{
	uthread_block_unless(wait_for_syscall, sc);
}

/* Calls have completed whose uthreads this library blocked. */
static void on_sysc_evq(struct event_queue *ev_q)
{
	struct event_msg msg;

	while (mbox_get(ev_q->ev_mbox, &msg)) {
		struct syscall *sc = msg.ev_arg3;

		uthread_runnable(sc->u_data);
	}
}

int uthread_vcore_init(uint32_t vcoreid)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);

	if (!ev_q)
		return -ENOMEM;
	ev_q->ev_flags = EVQ_SOME_VCORE_NOW;
	ev_q->ev_vcore = vcoreid;
	ev_q->ev_handler = on_sysc_evq;
	vcores[vcoreid].sysc_evq = ev_q;
	return 0;
}
