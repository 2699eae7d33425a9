/*
 * ucq.h - unbounded concurrent queue, the reading half.
 *
 * kernel/event/ucq.c produces.  The layout is in abi/event.h.
 */
#pragma once

#include "abi/event.h"
#include "atomic.h"

/* Make @ucq empty, with one page of its own.  0 or -ENOMEM.
 * Context: any; nobody may use @ucq yet. */
int ucq_init(struct ucq *ucq);

/* Give the pages back.  Nobody may use @ucq any more. */
void ucq_free(struct ucq *ucq);

/*
 * Take the oldest message.  False: there was none at some time during the call.
 *
 * Any number of consumers.  Context: notifications masked (a consumer that
 * stops between claim and count holds up everyone at the page's end).
 */
bool ucq_get(struct ucq *ucq, struct event_msg *msg);

/* Was it empty at some time during the call?  Context: any. */
bool ucq_is_empty(struct ucq *ucq);

/*
 * Has all that was ever claimed by producers been claimed by consumers?  Then
 * it is empty, and two loads tell; it may be empty though they do not.
 * cons_idx first, as in ucq_is_empty().
 */
static inline bool ucq_is_drained(struct ucq *ucq)
{
	uint64_t cons = read_once(ucq->cons_idx);

	return cons == read_once(ucq->prod_idx);
}
