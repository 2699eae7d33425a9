/*
 * ceq.h - coalescing event queue, the reading half.
 *
 * kernel/event/ceq.c posts.  Events on one id between two reads are one
 * message: its arg2 is their arg2s ORed or added (ev_arg4 has all 64 bits), its
 * arg3 the last one's.
 */
#pragma once

#include "abi/event.h"

/* What get_eventq(EV_MBOX_CEQ) makes. */
#define CEQ_DEFAULT_RING	64

/*
 * Make @ceq empty, for ids below @nr_events, with a ring of @ring_sz ids, which
 * must be a power of two.  @operation: CEQ_OR or CEQ_ADD.
 * 0, -EINVAL or -ENOMEM.  Context: any; nobody may use @ceq yet.
 */
int ceq_init(struct ceq *ceq, uint32_t operation, uint32_t nr_events,
	     uint32_t ring_sz);

/* Give the memory back.  Nobody may use @ceq any more. */
void ceq_free(struct ceq *ceq);

/* Take one id's message.  False: none.  Any number of consumers.
 * Context: notifications masked (see ucq_get()). */
bool ceq_get(struct ceq *ceq, struct event_msg *msg);

/* Was it empty at some time during the call?  Context: any. */
bool ceq_is_empty(struct ceq *ceq);
