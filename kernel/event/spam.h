/*
 * spam.h - get a message to some vcore that will look at it.
 */
#pragma once

#include "abi/event.h"

struct proc;

/*
 * Post @msg to @vcoreid's public mailbox, and interrupt it if @flags say so.
 * Whether it will look is for the caller to know.  False: refused.
 *
 * Context: as vcmsg.h.
 */
bool spam_vcore(struct proc *p, uint32_t vcoreid, uint32_t flags,
		const struct event_msg *msg);

/*
 * Post @msg to the public mailbox of a vcore that is certain to look, by
 * preference @vcoreid; with EVENT_VCORE_MUST_RUN in @flags one that is on a
 * core, or first to be.  It may be seen more than once, and never less, but
 * no vcore is woken for it.
 *
 * The order in which they are asked, until one is certain:
 *
 *	an SCP		its only vcore, and nobody else if it is one still
 *			when the message is there
 *	must run	@vcoreid, if on a core; the head of the online list
 *	others		@vcoreid, if it reads; then, unless @p sleeps, the
 *			heads of the online list, of the bulk-preempted list,
 *			and of the inactive list, this one if it reads
 *	at last		under the process lock: whoever is first to look
 *
 * Context: as vcmsg.h, but no locks.
 */
void spam_public_msg(struct proc *p, uint32_t vcoreid, uint32_t flags,
		     const struct event_msg *msg);
