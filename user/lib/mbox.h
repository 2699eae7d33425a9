/*
 * mbox.h - a mailbox of any type: make it, look, take one message.
 *
 * kernel/event/mbox.c posts; ucq.h, bitmap.h and ceq.h are the types.
 */
#pragma once

#include "abi/event.h"

/* Make @mbox an empty mailbox of type EV_MBOX_*; a CEQ gets an entry for every
 * event type and ORs.  0, -EINVAL or -ENOMEM. */
int mbox_init(struct event_mbox *mbox, uint32_t type);

/* Give back what mbox_init() allocated.  Nobody may use @mbox any more. */
void mbox_free(struct event_mbox *mbox);

/* Take one message, and count it in the VCPD's nr_handled.  False: none.
 * Context: any. */
bool mbox_get(struct event_mbox *mbox, struct event_msg *msg);

/* The same for a caller that has masked notifications, or is in vcore context:
 * a handler that interrupted it here would wait for it. */
bool mbox_take(struct event_mbox *mbox, struct event_msg *msg);

/* Was it empty at some time during the call?  Context: any. */
bool mbox_is_empty(struct event_mbox *mbox);
