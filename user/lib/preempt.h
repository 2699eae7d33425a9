/*
 * preempt.h - living with cores that are taken away.
 *
 * A vcore that loses its core stops in the middle of what it did.  In a
 * uthread: then any other vcore takes the uthread over and reads the mailbox.
 * In vcore context, or with notifications masked: then it may hold a lock, or
 * be halfway through a message, and the only help is to let it go on; whoever
 * needs that turns its own core into that vcore.
 *
 * The kernel's half is kernel/proc/preempt.c and mcp.c.
 */
#pragma once

#include "abi/types.h"

/*
 * Hear of preemptions from now on: EV_PREEMPT_PENDING makes a vcore give its
 * core back in good order, EV_VCORE_PREEMPT has another one recover it.
 *
 * 0 or -ENOMEM.  Context: any; once, before the process becomes many-core.
 */
int preempt_init(void);

/*
 * Do what vcore @vcoreid, if it was preempted, can not: take over its uthread,
 * read its public mailbox, or become it.  May not return.
 *
 * Context: vcore.
 */
void vcore_recover(uint32_t vcoreid);

/*
 * If this vcore's core is about to be taken, give it back: better now, when its
 * uthread is safe, than in the middle.  Returns if it is not, or not any more;
 * its uthread may be with the scheduler then.
 *
 * What counts is the deadline in the vcore map, not the message: that may come
 * when the uthread is pinned, and leaving from its handler would pass over the
 * messages behind it, which may be about the uthread.
 *
 * Context: vcore, events handled.
 */
void vcore_heed_warning(void);

/*
 * Wait until no other vcore is taking this one's uthread.  No message is
 * handled meanwhile.  Context: vcore, on entry.
 */
void vcore_wait_stealing(uint32_t vcoreid);

/*
 * cpu_relax() for a wait that only another vcore of this process can end: now
 * and then, one that was preempted in vcore context gets this core.
 *
 * Context: notifications masked.
 */
void vcore_relax(void);
