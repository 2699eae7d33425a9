/*
 * race.h - the places at which a race is won or lost, by name.
 *
 * A race point stands between a write and the look that must follow it, or
 * between a look and what is done about it.  In a machine built with RACE=1 a
 * script can hold a core there until another has passed somewhere else, and
 * noise can pause it; in any other a point is nothing at all.  The handouts,
 * the scripts and the debugger use these names.
 */
#pragma once

#include "types.h"

/* X(name, where that is) */
#define RACE_POINTS(X)							\
	/* sending: kernel/event, kernel/proc */			\
	X(SEND_ENTER,	   "nothing is read of the ev_q yet")		\
	X(BITMAP_SET,	   "bit set, hint not yet")			\
	X(UCQ_CLAIMED,	   "slot taken, message not yet there")		\
	X(UCQ_MOVED,	   "prod_idx in the new page, not yet linked")	\
	X(CEQ_COALESCED,   "entry updated, not yet marked posted")	\
	X(CEQ_MARKED,	   "entry posted, its id not yet in the ring")	\
	X(VCMSG_POSTED,	   "message in the mailbox, not yet pending")	\
	X(INDIR_POSTED,	   "before the look at ev_alert_pending")	\
	X(INDIR_THROTTLED, "an alert is on its way: none is sent")	\
	X(SPAM_CHOSEN,	   "the vcore reads; nothing posted yet")	\
	X(SPAM_POSTED,	   "posted; before the second look")		\
	X(SPAM_HEAD_CHOSEN, "head of the list; nothing posted")		\
	X(SPAM_HEAD_POSTED, "posted; is it still the head?")		\
	X(SPAM_FALLBACK,   "nobody found; before the process lock")	\
	X(NOTIFY_PENDING,  "pending; before the look at disabled")	\
	X(WAKE_PENDING,	   "pending; before the look at the state")	\
	X(WAKE_LOOKED,	   "the state has been looked at")		\
	X(SYSC_DONE,	   "DONE is set; the event not yet sent")	\
	/* leaving: kernel/proc */					\
	X(YIELD_ENTER,	   "about to leave; still online")		\
	X(YIELD_OFFLINE,   "off list and map; before the last look")	\
	X(YIELD_LEFT,	   "the vcore is gone, the lock free")		\
	X(SLEEP_ENTER,	   "about to say WAITING")			\
	X(SLEEP_WAITING,   "WAITING; before the last look")		\
	X(PREEMPT_SAVED,   "context saved, not yet counted as done")	\
	/* receiving: user/lib */					\
	X(YIELD_CLEARED,   "CAN_RCV_MSG clear; before the look")	\
	X(YIELD_LOOKED,	   "nothing came; before the system call")	\
	X(UNMASKED,	   "unmasked; before the look at pending")	\
	X(EVENTS_CLEARED,  "pending clear; before the drain")		\
	X(EVENTS_DRAINED,  "both mailboxes were empty")			\
	X(ALERT_CLEARED,   "alert clear; before the drain")		\
	X(HINT_CLEARED,	   "bitmap: hint clear; before the look")	\
	X(UCQ_SEEN,	   "UCQ: not empty; before the claim")		\
	X(CEQ_TAKEN,	   "CEQ: no more posted; before the swap")	\
	X(CEQ_RECOVER,	   "CEQ: overflow clear; before the scan")	\
	X(SYSC_REGISTER,   "ev_q written; before the flag")		\
	X(STEAL_BEGUN,	   "STEALING set; before the two looks")	\
	X(STEAL_TAKEN,	   "the uthread is ours; STEALING still set")

#define RACE_POINT_NUMBER(name, where)	RACE_##name,

enum race_point {
	RACE_POINTS(RACE_POINT_NUMBER)
	RACE_NR,
};

/* Who comes to a point: one vcore of the process that armed the script, a
 * core, or anybody. */
#define RACE_VCORE	0x10000
#define RACE_CORE	0x20000
#define RACE_ANY	0x30000

/* @who waits at @point until @after_who has passed @after; once. */
struct race_rule {
	uint32_t	who;
	uint32_t	point;
	uint32_t	after_who;
	uint32_t	after;
};
ABI_SIZE(struct race_rule, 16);

#define RACE_RULES	8

/* What SYS_race does. */
enum {
	RACE_OP_PASS,		/* (point) somebody comes by, in user mode */
	/* (rules, n) hold for this process from now on; 0: no more.  What
	 * became of those before: a mask of the rules that were kept */
	RACE_OP_ARM,
};
