/*
 * kmsg.c - work sent to a core.
 *
 * Senders push onto a lock-free list, newest first; the receiver takes the
 * whole list with one exchange and turns it around.  Only the sender that
 * finds the list empty pokes the core: a poke is then on its way for every
 * later message too.  Taking everything at once leaves no room for ABA.
 */
#include "core/kmsg.h"

#include "arch/x86/apic.h"
#include "arch/x86/vectors.h"
#include "core/core.h"
#include "sync/atomic.h"

void kmsg_init(struct kmsg *msg, enum kmsg_kind kind, kmsg_fn fn)
{
	msg->next = NULL;
	msg->fn = fn;
	msg->kind = kind;
	msg->queued = 0;
}

/*
 * [kmsg-once]  A message that is queued already need not be queued again.
 *
 *   sender                         receiver, kmsg_call()
 *   writes what it is about        queued = 0  (exchange)
 *   queued = 1     (exchange)      reads what it is about
 *
 * A sender whose exchange finds 1 came before the receiver's exchange, so
 * the receiver reads what that sender wrote.
 */
void kmsg_send(uint32_t coreid, struct kmsg *msg)
{
	struct core *core = core_of(coreid);
	struct kmsg **head = &core->kmsgs.incoming[msg->kind];
	struct kmsg *first;

	if (atomic_swap32(&msg->queued, 1))
		return;
	do {
		first = read_once(*head);
		write_once(msg->next, first);
	} while (!atomic_cas_ptr((void **)head, first, msg));
	if (first)
		return;		/* whoever pushed onto empty has poked */
	/* The message lies there before the poke.  Pairs with irq_wait() in
	 * proc/restart.c:core_loop() [idle]. */
	if (coreid != core_id() || msg->kind == KMSG_IMMEDIATE)
		apic_send_ipi(core->pc.apicid, VEC_KMSG);
}

/* Take all of @head, oldest first. */
static struct kmsg *kmsg_take(struct kmsg **head)
{
	struct kmsg *oldest = NULL;
	struct kmsg *msg;

	/* Interrupt, then queue.  Pairs with ipi_fence() in
	 * arch/x86/apic.c:icr_write() [kmsg-ipi]. */
	msg = atomic_swap_ptr((void **)head, NULL);
	while (msg) {
		struct kmsg *next = msg->next;

		msg->next = oldest;
		oldest = msg;
		msg = next;
	}
	return oldest;
}

static void kmsg_call(struct kmsg *msg)
{
	atomic_swap32(&msg->queued, 0);	/* [kmsg-once]: may be sent again */
	msg->fn(msg);
}

bool kmsg_waiting(void)
{
	struct kmsg_queue *q = &this_core()->kmsgs;

	return q->ready || read_once(q->incoming[KMSG_ROUTINE]);
}

void kmsg_run(void)
{
	struct kmsg_queue *q = &this_core()->kmsgs;

	for (;;) {
		struct kmsg *msg;

		if (!q->ready)
			q->ready = kmsg_take(&q->incoming[KMSG_ROUTINE]);
		msg = q->ready;
		if (!msg)
			return;
		q->ready = msg->next;
		kmsg_call(msg);
	}
}

void kmsg_interrupt(void)
{
	struct kmsg **head = &this_core()->kmsgs.incoming[KMSG_IMMEDIATE];
	struct kmsg *msg = kmsg_take(head);

	while (msg) {
		struct kmsg *next = msg->next;

		kmsg_call(msg);
		msg = next;
	}
}
