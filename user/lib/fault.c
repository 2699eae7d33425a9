/*
 * fault.c - handlers for what a program's own instructions did wrong.
 *
 * The kernel saves the uthread to the VCPD as after a notification, and posts
 * EV_PAGE_FAULT to that vcore's private mailbox, for it alone finds the uthread
 * there.  By the time it looks, another vcore may have taken the uthread over,
 * because the kernel took the core away in between; then it has done the same
 * thing there and that vcore has a message of its own, so this one is dropped.
 */
#include "fault.h"

#include "abi/errno.h"
#include "atomic.h"
#include "event.h"
#include "evq.h"
#include "pool.h"
#include "signal.h"
#include "uthread.h"
#include "vcore.h"

struct fault_entry {
	fault_handler_t	handler;
	void		*data;
	struct fault_entry *next;	/* older; stays when this is unlinked */
};

static struct pool entry_pool = POOL_INIT(sizeof(struct fault_entry));

/* Changed under lock; walked without, in vcore context. */
static struct fault_entry *entries;
static struct uspin lock;
static bool started;			/* under lock */

static void on_fault(struct event_msg *msg, unsigned int ev_type, void *data)
{
	struct context *ctx = &vcpd_of(vcore_id())->uthread_ctx;
	struct fault fault = {
		.trap = msg->ev_arg1,
		.error = msg->ev_arg2,
		.addr = msg->ev_arg3,
		.uth = current_uthread(),
		.ctx = ctx,
	};
	struct fault_entry *entry;
	enum fault_answer answer = FAULT_PASS;

	if (!fault.uth || ctx->rip != msg->ev_arg4)
		return;
	/* Link before handler.  Pairs with store_release() in
	 * user/lib/fault.c:fault_handler_add() [handlers]. */
	entry = load_acquire(&entries);
	for (; entry && answer == FAULT_PASS; entry = read_once(entry->next))
		answer = entry->handler(&fault, entry->data);
	if (answer == FAULT_PASS)
		signal_fault(fault.uth, fault_signal(fault.trap), fault.addr);
}

/* Have the kernel send us faults, each to the vcore on which it was. */
static int start_locked(void)
{
	struct event_queue *ev_q;
	int err;

	if (started)
		return 0;
	ev_q = get_eventq_slim();
	if (!ev_q)
		return -ENOMEM;
	ev_q->ev_flags = EVENT_VCORE_APPRO | EVENT_VCORE_PRIVATE;
	err = register_ev_handler(EV_PAGE_FAULT, on_fault, NULL);
	if (err) {
		put_eventq_slim(ev_q);
		return err;
	}
	started = true;
	return register_kevent_q(ev_q, EV_PAGE_FAULT);
}

int fault_start(void)
{
	int err;

	uspin_lock(&lock);
	err = start_locked();
	uspin_unlock(&lock);
	return err;
}

int fault_handler_add(fault_handler_t handler, void *data)
{
	struct fault_entry *entry = pool_get(&entry_pool);
	int err;

	if (!entry)
		return -ENOMEM;
	entry->handler = handler;
	entry->data = data;
	uspin_lock(&lock);
	err = start_locked();
	if (!err) {
		entry->next = entries;
		/* Handler before link.  Pairs with load_acquire() in
		 * user/lib/fault.c:on_fault() [handlers]. */
		store_release(&entries, entry);
	}
	uspin_unlock(&lock);
	if (err)
		pool_put(&entry_pool, entry);
	return err;
}

int fault_handler_remove(fault_handler_t handler, void *data)
{
	struct fault_entry **link = &entries;
	struct fault_entry *entry;

	uspin_lock(&lock);
	while ((entry = *link) &&
	       (entry->handler != handler || entry->data != data))
		link = &entry->next;
	if (entry)
		write_once(*link, entry->next);
	uspin_unlock(&lock);
	if (!entry)
		return -ENOENT;
	pool_retire(&entry_pool, entry);
	return 0;
}
