/*
 * core.h - what the kernel keeps for each core.
 *
 * Cores are numbered densely from 0 (coreid); the hardware's number (apicid)
 * is only for the APIC.  GS points at our own struct core while in the kernel.
 */
#pragma once

#include "abi/context.h"
#include "core/alarm.h"
#include "core/kmsg.h"
#include "sync/percore.h"
#include "sync/spinlock.h"

struct kthread;
struct proc;

struct core {
	struct percore	pc;		/* first: assembly knows its offsets */

	/* Only this core, so no lock; no handler of an interrupt looks. */
	/* what to continue in user mode: what the last entry left on the
	 * kernel stack, or `room`; FPU state is live in the registers */
	struct context	*ctx;
	struct context	room;
	struct kthread	*kthread;	/* running now */
	uint32_t	owner_vcoreid;	/* the vcore this core is */

	/* Written by this core, peeked at by others. */
	/* ready to take over when the running one blocks */
	struct kthread	*spare;
	/* whose core this is; holds a reference */
	struct proc	*owner;

	/* Any core sends, this core runs. */
	struct kmsg_queue kmsgs;
	struct kmsg	look;		/* "look at your vcore again" */
	struct kmsg	start;		/* "be this vcore": */
	/* the sender of start owns these until its handler has run */
	struct proc	*start_proc;
	uint32_t	start_vcoreid;
	uint32_t	start_sent;	/* its preempts_sent at the grant */
	/* "your vcore has been taken: save it" */
	struct kmsg	preempt;
	struct kmsg	warn;		/* "your vcore has a deadline" */

	/* Alarms: core/alarm.c. */
	struct kmsg	alarm_kmsg;
	struct spinlock	alarm_lock;	/* taken with interrupts off */
	struct alarm	*alarms;	/* alarm_lock; soonest first */
	bool		alarms_ring;	/* alarm_lock: the timer is set later */
	/* of a vcore that was warned: this core */
	struct alarm	deadline;
};

/* This core.  Context: any; the answer holds until the code blocks. */
static inline struct core *this_core(void)
{
	return (struct core *)percore();
}

/* Core @coreid, which must be below core_count(). */
struct core *core_of(uint32_t coreid);

/* Cores found by ACPI so far; all of them online once kmain() says so. */
uint32_t core_count(void);

/*
 * Leave whatever we are doing on this stack for good: run routine messages,
 * then continue the owner's user context, or wait for work.
 *
 * Context: no locks.  Never returns.
 */
void core_loop(void) __attribute__((noreturn));
