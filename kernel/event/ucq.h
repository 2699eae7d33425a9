/*
 * ucq.h - the unbounded concurrent queue: every message, whole, in order.
 */
#pragma once

#include "event/post.h"

struct proc;

/*
 * Append @msg; POST_* of post.h.  Never drops one: when the process has no
 * memory left for another page it is killed.  Messages of one producer stay in
 * order.  Consumer: user/lib/ucq.c.
 *
 * Context: as post_ev_msg().
 */
int ucq_post(struct proc *p, struct ucq *u_ucq, const struct event_msg *msg);
