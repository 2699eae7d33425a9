/*
 * kthread.c - kernel threads: what a waiting system call leaves behind.
 *
 * Each core owns the thread that it runs and, mostly, a spare one.  To sleep
 * is to give the core to the spare; to go on is to make the thread that the
 * core is in the middle of core_loop() with, and which holds nothing, the
 * next spare.
 */
#include "core/kthread.h"

#include "abi/errno.h"
#include "arch/x86/context.h"
#include "arch/x86/segments.h"
#include "core/core.h"
#include "lib/panic.h"
#include "mm/aspace.h"
#include "mm/kmalloc.h"
#include "mm/kstack.h"
#include "sync/atomic.h"

static uint64_t nr_kthreads;		/* atomic */

static void kthread_resume(struct kmsg *msg);

struct kthread *kthread_alloc(void)
{
	struct kthread *k = kzalloc(sizeof(*k));

	if (!k)
		return NULL;
	k->stack_top = kstack_alloc();
	if (!k->stack_top) {
		kfree(k);
		return NULL;
	}
	kmsg_init(&k->resume, KMSG_ROUTINE, kthread_resume);
	list_init(&k->wait_link);
	list_init(&k->blocked_link);
	atomic_fetch_add64(&nr_kthreads, 1);
	return k;
}

static void kthread_free(struct kthread *k)
{
	atomic_fetch_add64(&nr_kthreads, -1);
	kstack_free(k->stack_top);
	kfree(k);
}

uint64_t kthread_count(void)
{
	return read_once(nr_kthreads);
}

uint64_t kthread_spares(void)
{
	uint64_t n = 0;

	for (uint32_t c = 0; c < core_count(); c++)
		n += !!read_once(core_of(c)->spare);
	return n;
}

/* Make @k the thread of this core: traps from user mode use its stack, and
 * what they left on the last one's is taken off it. */
static void kthread_install(struct core *core, struct kthread *k)
{
	if (core->ctx != &core->room) {
		context_from_frame(&core->room, core->ctx);
		core->ctx = &core->room;
	}
	core->kthread = k;
	core->pc.kstack_top = k->stack_top;
	segments_set_kstack(k->stack_top);
}

bool kthread_can_sleep(void)
{
	return this_core()->spare;
}

int kthread_prepare_sleep(void)
{
	struct core *core = this_core();

	if (!core->spare)
		core->spare = kthread_alloc();
	return core->spare ? 0 : -ENOMEM;
}

void kthread_sleep(void)
{
	struct core *core = this_core();
	struct kthread *k = core->kthread;
	struct aspace *as = aspace_current();
	struct kthread *next = core->spare;

	core->spare = NULL;
	k->detached = true;
	kthread_install(core, next);
	kstack_switch(&k->rsp, next->stack_top, core_loop);
	aspace_load(as);
}

/* Go on with the thread that @msg is in.  Does not return. */
static void kthread_resume(struct kmsg *msg)
{
	struct kthread *k = list_entry(msg, struct kthread, resume);
	struct core *core = this_core();
	struct kthread *old = core->kthread;

	assert(k->coreid == core->pc.coreid);
	if (core->spare)
		kthread_free(core->spare);
	old->detached = false;
	core->spare = old;
	kthread_install(core, k);
	kstack_continue(k->rsp);
}
