/*
 * evq.h - event queues: get one, put it back.
 *
 * Safe to put while an indirection may still name it: the memory stays an ev_q
 * for ever, ev_gen tells its lives apart, an EV_EVENT of an earlier life is
 * ignored, and a put in a uthread returns only when no vcore is still inside
 * the handlers.  A mailbox keeps its memory for the next ev_q of its type, so
 * that a late post of the kernel finds a mailbox.  A message posted after the
 * put is lost, of course: first tell the sources (deregister_evq(),
 * disable_kevent()).
 *
 * All return null without memory.  Fill in ev_flags, ev_vcore, ev_handler and
 * ev_udata yourself: they are zero.  Context: any.
 */
#pragma once

#include "abi/event.h"

/* Generations count up at birth and at death: is this one of a life? */
static inline bool evq_gen_is_life(uint32_t gen)
{
	return gen & 1;
}

/* For ev_flags: some vcore must look, also if ev_vcore is gone by then and the
 * process sleeps; and soon, though a uthread is running. */
#define EVQ_SOME_VCORE_NOW	(EVENT_IPI | EVENT_INDIR | EVENT_SPAM_INDIR | \
				 EVENT_WAKEUP)

/* With a mailbox of its own, EV_MBOX_*, ready to use. */
struct event_queue *get_eventq(uint32_t mbox_type);
void put_eventq(struct event_queue *ev_q);

/* With room for a mailbox at ev_mbox that the caller inits (ceq_init(), and
 * ev_mbox->type), and frees before the put. */
struct event_queue *get_eventq_raw(void);
void put_eventq_raw(struct event_queue *ev_q);

/* Without a mailbox: ev_mbox is the caller's to set; null means the VCPD's. */
struct event_queue *get_eventq_slim(void);
void put_eventq_slim(struct event_queue *ev_q);

/* For the VCPD mailbox of @vcoreid; EVENT_VCORE_PRIVATE in @flags: the private
 * one. */
struct event_queue *get_eventq_vcpd(uint32_t vcoreid, uint32_t flags);
void put_eventq_vcpd(struct event_queue *ev_q);
