/*
 * proc.h - the two windows between a process and the kernel.
 *
 * procdata is writable by both; procinfo only by the kernel.  Each lies at a
 * fixed address in every process.  The kernel has its own mapping of the same
 * pages, pinned for the life of the process, so its looks here cannot fault;
 * what they find can still be anything.
 */
#pragma once

#include "context.h"
#include "event.h"

/* User memory: [USER_LOW, USER_TOP).  Page zero is never mapped. */
#define USER_LOW	0x0000000000001000UL
#define USER_TOP	0x00007ffffffff000UL

#define PROCINFO_VA	0x00007f0000000000UL
#define PROCDATA_VA	0x00007f0001000000UL

/* vcpd.flags */
#define VC_PREEMPTED		0x1	/* kernel: taken away in mid-run */
/* someone will read the public mailbox */
#define VC_CAN_RCV_MSG		0x2
#define VC_UTHREAD_STEALING	0x4	/* user: taking this one's uthread */
/* this SCP cannot enter vcore context yet */
#define VC_SCP_NOVCCTX		0x8

/* Per-vcore data.  Writers are named; every word can be anything. */
struct vcpd {
	/* The user's: set before VC_SCP_NOVCCTX is cleared, or the vcore is
	 * asked for. */
	uint64_t	vcore_entry;	/* where vcore context starts */
	uint64_t	vcore_stack;	/* its rsp, 16-byte aligned */
	uint64_t	vcore_tls;	/* its FS base */

	/* Both write, atomically. */
	uint32_t	flags;		/* VC_* */
	uint32_t	notif_pending;	/* kernel sets, user clears [notify] */
	/* 1: vcore context, or masked [unmask] */
	uint32_t	notif_disabled;

	/* The user library's own counters, read by tools. */
	uint32_t	pad;
	uint64_t	nr_handled;	/* messages taken from any mailbox */
	uint64_t	nr_entries;	/* times vcore_entry ran */

	struct event_mbox mbox_public;	/* any vcore of the process may drain */
	struct event_mbox mbox_private;	/* only this one */

	/* Kernel writes when it interrupts; user reads and restarts. */
	/* notifs enabled */
	struct context	uthread_ctx __attribute__((aligned(64)));
	struct context	vcore_ctx;	/* preempted with notifs masked */
} __attribute__((aligned(2048)));
ABI_SIZE(struct vcpd, 2048);

struct procdata {
	struct event_queue *kernel_evts[MAX_NR_EVENT];	/* user */
	uint32_t	cores_wanted;	/* user; see SYS_poke_ksched */
	uint32_t	pad;
	struct vcpd	vcpd[MAX_VCORES] __attribute__((aligned(4096)));
};

struct vcore_map {
	uint32_t	valid;		/* is it on a core? */
	uint32_t	coreid;		/* then which, else the last one */
	uint32_t	preempts_sent;	/* counted under the process's lock */
	uint32_t	preempts_done;	/* counted when the context is saved */
	/* warned: its core goes then (ns); 0: not.  Old while it has none */
	uint64_t	preempt_at;
};

struct procinfo {
	uint32_t	pid;
	uint32_t	ppid;
	uint32_t	is_mcp;
	uint32_t	num_vcores;	/* online now */
	uint32_t	max_vcores;	/* vcoreids are below this */
	uint32_t	nr_cores;	/* of the machine */
	uint64_t	tsc_hz;
	uint64_t	tsc_start;	/* at time 0 of the kernel's clock */
	uint64_t	seed;		/* ev6.seed of the command line */
	uint64_t	args_va;	/* argc strings, each with its NUL */
	uint32_t	argc;
	uint32_t	args_len;
	/* functions of the kernel are missing without which no event comes:
	 * 0 in the finished one */
	uint32_t	no_events;
	uint32_t	pad;

	/* Conservation: posted - coalesced = handled, when all is quiet. */
	/* messages put into some mailbox of ours */
	uint64_t	posted;
	/* of these, melted into one already there */
	uint64_t	coalesced;
	/* EV_EVENTs sent; counted in posted, too, if not refused */
	uint64_t	indirs;
	/* EV_EVENTs saved by ev_alert_pending */
	uint64_t	throttled;
	uint64_t	notifies;	/* IPIs asked for */
	uint64_t	wakeups;	/* WAITING to runnable */
	uint64_t	refused[EVR_NR];

	struct vcore_map vcoremap[MAX_VCORES];
};
