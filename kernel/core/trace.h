/*
 * trace.h - what happened on each core, in the order in which it did.
 *
 * Those hops of a message's walk that are in the kernel leave records in a ring
 * of their core's, if the machine was booted with ev6.trace=1 or the monitor
 * was told `trace on`; that of hop 5 tells of hop 6, too.  Off, a hop costs one
 * branch that is never taken.
 */
#pragma once

#include "abi/types.h"

enum trace_hop {
	TRACE_SEND,		/* send_event(): arg = message type */
	TRACE_POST,		/* in a mailbox: arg = 1 if it coalesced */
	TRACE_INDIR,		/* "look at that ev_q" */
	TRACE_SPAM,		/* into a public mailbox: arg = vcoreid */
	TRACE_NOTIFY,		/* proc_notify() sent a message: arg = coreid */
	TRACE_LOOK,		/* the core looks */
	TRACE_UPCALL,		/* a uthread is interrupted: arg = vcoreid */
	TRACE_START,		/* a vcore starts or restarts: arg = vcoreid */
	TRACE_YIELD,		/* a vcore left: arg = vcoreid */
	TRACE_SLEEP,		/* the process waits */
	TRACE_WAKEUP,		/* it does no more */
	TRACE_PREEMPT,		/* a vcore's context was saved: arg = vcoreid */
	TRACE_RACE,		/* a race point: arg = enum race_point */
	TRACE_NR,
};

extern bool trace_on;

/* Add a record.  Context: any. */
void trace_add(enum trace_hop hop, uint32_t pid, uint32_t arg);

/* The same if tracing is on. */
static inline void trace(enum trace_hop hop, uint32_t pid, uint32_t arg)
{
	if (__builtin_expect(trace_on, false))
		trace_add(hop, pid, arg);
}

/* Give each core a ring and start; -ENOMEM.  Context: kthread or kmain(). */
int trace_start(void);

/* Write all rings to the second serial port, one `trace` record for each
 * record, core by core, oldest first, and empty them. */
void trace_dump(void);
