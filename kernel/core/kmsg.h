/*
 * kmsg.h - work sent to a core.
 *
 * Two kinds: an immediate message runs inside the interrupt that announces
 * it; a routine message runs when the core next leaves the kernel or is idle,
 * where it may block, send events and switch contexts.
 *
 * A message is embedded in what it is about (a core, a kernel thread, an
 * alarm chain), so sending allocates nothing.  It is queued at most once: its
 * handler is told to look, not what it will find, and must look at everything
 * that was written before the send.
 */
#pragma once

#include "abi/types.h"

struct kmsg;
typedef void (*kmsg_fn)(struct kmsg *msg);

enum kmsg_kind {
	KMSG_IMMEDIATE,
	KMSG_ROUTINE,
	KMSG_NR_KINDS,
};

struct kmsg {
	struct kmsg	*next;		/* owner: the queue it is on */
	kmsg_fn		fn;		/* fixed */
	uint32_t	kind;		/* fixed: enum kmsg_kind */
	uint32_t	queued;		/* atomic [kmsg-once] */
};

/* The receiving end, one per core. */
struct kmsg_queue {
	/* newest first; any core pushes */
	struct kmsg	*incoming[KMSG_NR_KINDS];
	struct kmsg	*ready;		/* oldest first; this core only */
};

void kmsg_init(struct kmsg *msg, enum kmsg_kind kind, kmsg_fn fn);

/*
 * Have core @coreid run @msg.  If it is queued already nothing happens: its
 * handler has not begun and will see what the caller wrote.
 *
 * Context: any, interrupts on or off; no locks needed.
 */
void kmsg_send(uint32_t coreid, struct kmsg *msg);

/* Is a routine message waiting for this core?  Context: interrupts off. */
bool kmsg_waiting(void);

/*
 * Run this core's routine messages in the order they were sent.  A handler
 * may not return (it may continue another kernel thread); what is left stays
 * queued and waiting.
 *
 * Context: on the way out of the kernel or idle; no locks; interrupts on.
 */
void kmsg_run(void);

/* Run this core's immediate messages.  Context: VEC_KMSG, interrupts off. */
void kmsg_interrupt(void);
