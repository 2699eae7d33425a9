/*
 * event.h - messages, event queues and mailboxes, as kernel and user see them.
 *
 * All of it lies in user memory.  The user creates it, the kernel posts into
 * it, the user takes messages out; so every comment says who writes.  The
 * kernel believes none of it.
 */
#pragma once

#include "types.h"

/* What happened.  Types below EV_NR_FIXED have a meaning that the kernel
 * gives; the rest, up to MAX_NR_EVENT, a process may use as it likes. */
enum {
	EV_NONE			= 0,
	/* arg2: the vcore; arg4: the deadline, ns */
	EV_PREEMPT_PENDING	= 1,
	/* all of them; arg4: the deadline, ns */
	EV_GANG_PREEMPT_PENDING	= 2,
	EV_VCORE_PREEMPT	= 3,	/* arg2: the vcore that lost its core */
	EV_GANG_RETURN		= 4,	/* back after all were taken */
	EV_USER_IPI		= 5,
	/* arg1: the trap; arg2: error code; arg3: address; the uthread is in
	 * uthread_ctx */
	EV_PAGE_FAULT		= 6,
	/* arg2: its id; arg3: the user's data; arg4: when */
	EV_ALARM		= 7,
	/* arg3: an ev_q to look at; arg2: its generation */
	EV_EVENT		= 8,
	EV_FREE_APPLE_PIE	= 9,	/* for tests: no meaning */
	/* arg3: the struct syscall that is done */
	EV_SYSCALL		= 10,
	/* arg2: the vcore whose public mailbox to drain */
	EV_CHECK_MSGS		= 11,
	EV_POSIX_SIGNAL		= 12,	/* arg1: the signal's number */
	EV_NR_FIXED		= 25,
	MAX_NR_EVENT		= 50,
};

struct event_msg {
	uint16_t	ev_type;
	uint16_t	ev_arg1;
	uint32_t	ev_arg2;
	void		*ev_arg3;
	uint64_t	ev_arg4;
};
ABI_SIZE(struct event_msg, 24);

/* event_queue.ev_flags: how to deliver. */
#define EVENT_IPI		0x001	/* notify the vcore */
#define EVENT_SPAM_PUBLIC	0x002	/* spam the message itself */
#define EVENT_INDIR		0x004	/* send "look at this ev_q" */
#define EVENT_VCORE_PRIVATE	0x008	/* no mbox given: the private one */
#define EVENT_SPAM_INDIR	0x010	/* with INDIR: spam that */
#define EVENT_VCORE_MUST_RUN	0x020	/* spam only to a vcore that will run */
#define EVENT_NOTHROTTLE	0x040	/* send every indirection */
#define EVENT_ROUNDROBIN	0x080	/* advance ev_vcore each time */
#define EVENT_VCORE_APPRO	0x100	/* the vcore that the kernel suggests */
#define EVENT_WAKEUP		0x200	/* wake the process after sending */

/*
 * Where slot numbers come from: a UCQ page is a header and as many slots as
 * fit.  The tests of the interleavings build with two.
 */
#ifndef UCQ_SLOTS
#define UCQ_SLOTS	127
#endif

struct ucq_slot {
	struct event_msg msg;		/* kernel writes, user reads */
	/* kernel sets [ucq-ready], user clears */
	uint32_t	ready;
	uint32_t	pad;
};
ABI_SIZE(struct ucq_slot, 32);

struct ucq_page {
	/* Both clear these two, each for the other, as a page changes hands */
	uint64_t	next;		/* kernel links, once [ucq-link] */
	uint32_t	nr_cons;	/* user: slots read and done with */
	uint32_t	pad[5];
	struct ucq_slot	slot[UCQ_SLOTS];
};
_Static_assert(sizeof(struct ucq_page) <= PAGE_SIZE, "a UCQ page is one page");

/*
 * An index into a UCQ: generation, page address and slot in one word, so that
 * one atomic moves all three.  User addresses end below 2^47 and pages are
 * aligned, which leaves 17 bits above for the generation and 12 below for the
 * slot.  The kernel counts the generation up with every page that it links.
 */
#define UCQ_SLOT_MASK	0xfffUL
#define UCQ_PAGE_MASK	0x00007ffffffff000UL
#define UCQ_GEN_ONE	0x0000800000000000UL
#define UCQ_GEN_MASK	0xffff800000000000UL

struct ucq {
	uint64_t	prod_idx;	/* kernel: next slot to fill */
	uint64_t	cons_idx;	/* user: next slot to take */
	uint64_t	spare_pg;	/* user gives back, kernel takes */
	uint32_t	prod_overflow;	/* kernel: do not even try prod_idx */
	uint32_t	cons_lock;	/* user: one consumer at a page's end */
};
ABI_SIZE(struct ucq, 32);

#define BITMAP_WORDS	2

struct evbitmap {
	/* kernel sets, user clears [bitmap-hint] */
	uint32_t	check_bits;
	uint32_t	bits[BITMAP_WORDS];	/* kernel sets, user clears */
	uint32_t	pad;
};
ABI_SIZE(struct evbitmap, 16);

/* ceq.operation: what becomes of arg2 when events on one id meet. */
#define CEQ_OR	1
#define CEQ_ADD	2

#define CEQ_EMPTY	0xffffffffU	/* a ring slot that holds no id */

struct ceq_event {
	/* kernel ORs or ADDs arg2, user swaps out */
	uint64_t	coalesce;
	void		*blob;		/* kernel: the last arg3 */
	/* kernel sets, user clears [ceq-posted] */
	uint32_t	idx_posted;
	uint32_t	pad;
};
ABI_SIZE(struct ceq_event, 24);

struct ceq {
	/* Fixed by ceq_init(): the user writes before the kernel looks. */
	struct ceq_event *events;	/* nr_events of them, by ev_type */
	uint32_t	*ring;		/* ring_sz ids or CEQ_EMPTY */
	uint32_t	nr_events;
	uint32_t	ring_sz;	/* a power of two */
	uint32_t	operation;	/* CEQ_OR or CEQ_ADD */
	uint32_t	max_event_ever;	/* kernel: highest id ever used */
	/* The ring.  Indices only grow; slot = index & (ring_sz - 1). */
	uint32_t	prod_idx;	/* kernel: next slot to claim */
	uint32_t	cons_pub;	/* user: slots below are free again */
	uint32_t	cons_pvt;	/* user: next slot to take */
	/* kernel sets, user clears [ceq-overflow] */
	uint32_t	ring_overflowed;
	uint32_t	cons_lock;	/* user: one consumer in recovery */
	uint32_t	last_recovered;	/* user: where recovery goes on */
	uint32_t	overflow_recovery; /* user: recovery is under way */
	uint32_t	pad;
};
ABI_SIZE(struct ceq, 64);

enum {
	EV_MBOX_UCQ	= 1,
	EV_MBOX_BITMAP	= 2,
	EV_MBOX_CEQ	= 3,
};

struct event_mbox {
	uint32_t	type;		/* EV_MBOX_*: user, once */
	uint32_t	pad;
	union {
		struct ucq	ucq;
		struct evbitmap	evbm;
		struct ceq	ceq;
	};
};
ABI_SIZE(struct event_mbox, 72);

struct event_queue;
typedef void (*handle_event_t)(struct event_msg *msg, unsigned int ev_type,
			       void *data);
typedef void (*handle_evq_t)(struct event_queue *ev_q);

struct event_queue {
	struct event_mbox *ev_mbox;	/* user; null: the vcore's VCPD mbox */
	uint32_t	ev_flags;	/* user: EVENT_* */
	uint32_t	ev_alert_pending; /* kernel sets, user clears [alert] */
	uint32_t	ev_vcore;	/* user; kernel with EVENT_ROUNDROBIN */
	/* user: counts the lives of this memory */
	uint32_t	ev_gen;
	/* The kernel does not look below. */
	handle_evq_t	ev_handler;
	void		*ev_udata;
};
ABI_SIZE(struct event_queue, 40);

/* Why the kernel refused something of an event: procinfo.refused[]. */
enum ev_refusal {
	EVR_BAD_EVQ,		/* ev_q in page zero or outside user memory */
	EVR_BAD_MBOX,		/* mailbox outside user memory */
	EVR_BAD_MBOX_TYPE,	/* neither UCQ nor bitmap nor CEQ */
	EVR_BAD_VCOREID,	/* past the process's maximum */
	EVR_BAD_TYPE,		/* message type past the mailbox's last */
	/* indices or sizes of a mailbox make no sense */
	EVR_BAD_QUEUE,
	EVR_FAULT,		/* user memory went away in mid-use */
	EVR_NO_MEMORY,		/* no page for a UCQ: the process is killed */
	EVR_NR,
};
