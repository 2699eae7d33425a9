/*
 * bitmap.h - the mailbox that only says which types have come.
 */
#pragma once

#include "event/post.h"

/*
 * Set the bit of @msg's type; POST_* of post.h.  The rest of the message is
 * lost, and so is how often it came.  Consumer: user/lib/bitmap.c.
 *
 * Context: any but interrupts; any locks; the address space loaded.
 */
int bitmap_post(struct evbitmap *u_evbm, const struct event_msg *msg);
