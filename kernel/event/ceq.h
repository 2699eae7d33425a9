/*
 * ceq.h - the coalescing event queue: one entry per event id, any number of
 * events on one id is one message.
 */
#pragma once

#include "event/post.h"

/*
 * Post @msg on the entry of its type; POST_* of post.h.  arg2 is ORed or added
 * to what is there, arg3 replaces it; the rest is lost.  Needs no memory.
 * Consumer: user/lib/ceq.c.
 *
 * Context: any but interrupts; any locks; the address space loaded.
 */
int ceq_post(struct ceq *u_ceq, const struct event_msg *msg);
