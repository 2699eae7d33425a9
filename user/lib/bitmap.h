/*
 * bitmap.h - the bitmap mailbox, the reading half.
 *
 * kernel/event/bitmap.c sets bits.  One bit a type: no payload, and repeats
 * collapse.
 */
#pragma once

#include "abi/event.h"

void evbitmap_init(struct evbitmap *bm);

/* Take one type into @msg, whose other fields become zero.  False: none, or
 * none but what another consumer is about to look for, who gets one of them.
 * Two consumers never both get one bit.  Context: any. */
bool evbitmap_get(struct evbitmap *bm, struct event_msg *msg);

/* Would evbitmap_get() have found none, at some time during the call?
 * Context: any. */
bool evbitmap_is_empty(struct evbitmap *bm);
