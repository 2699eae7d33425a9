/*
 * delivery.h - one message on its way down.
 */
#pragma once

#include "abi/event.h"

struct proc;

/*
 * Filled in once by send_event(), from one look at the ev_q, which may change
 * or vanish while we go on; everything below reads decisions here.
 */
struct delivery {
	struct proc		*p;
	struct event_queue	*u_ev_q;
	const struct event_msg	*msg;
	struct event_mbox	*u_mbox;	/* the ev_q's own, or NULL */
	uint32_t		flags;		/* EVENT_* */
	uint32_t		vcoreid;	/* chosen; below max_vcores */
	uint32_t		gen;		/* the ev_q's */
};
