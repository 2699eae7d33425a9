/*
 * stage.h - a small machine for the tests: cores, one process, its vcores.
 *
 * The files of kernel/proc and kernel/event, core_loop() and the kernel
 * messages are the shipped ones, and so is the user library.  Played here:
 * the way between user mode and kernel, address spaces, and who gets which
 * core.
 */
#pragma once

#include "core/core.h"
#include "explore.h"
#include "proc/proc.h"

#define STAGE_CORES	6

extern struct proc proc;

/* Handled messages: a bit for each type.  No part of any step. */
extern uint32_t handled;

/*
 * The process, many-core, with @n vcores; @online of them are on cores 1 and
 * up, each a thread that handles events and then does what @entry says, again
 * and again.  Their public mailboxes are of type @mbox.
 */
void stage_mcp(uint32_t n, uint32_t online, uint32_t mbox,
	       void (*entry)(void));

/* The process wants one core more than it has, for @vcoreid; there is none yet,
 * but then one becomes free. */
void stage_core_later(uint32_t vcoreid);
void stage_core_now(uint32_t vcoreid);

/* The process, single-core, on core 0.  It may have @n vcores when it becomes
 * many-core: each core from 1 on is then free for one. */
void stage_scp(uint32_t n, uint32_t mbox, void (*entry)(void));

/* Become many-core, and want @wanted vcores.  Does not return. */
void stage_become_mcp(uint32_t wanted);

/* Cores without a process. */
void stage_cores(void);

/* The thread that was made last takes interrupts. */
void stage_takes_irqs(void);

/* Give vcore @v a public mailbox of another type. */
void stage_public(uint32_t v, uint32_t mbox);

/* Another core, where @fn sends. */
void stage_sender(const char *name, void (*fn)(void *arg), void *arg);

/* Vcore 0 on core 1, in a uthread that runs @fn; vcore context handles events
 * and goes back.  Notifications interrupt it. */
void stage_uthread(uint32_t mbox, void (*fn)(void));

/* A word of the tests' own: part of the state, but no step. */
void xp_ghost(const void *p, size_t size);

/* An event queue in user memory, delivering as @flags say, with a mailbox of
 * type @mbox or none. */
struct event_queue *stage_evq(uint32_t flags, uint32_t vcoreid,
			      uint32_t mbox);

/* Send a message of @type to it, from the kernel. */
void stage_send(struct event_queue *ev_q, uint32_t type);

/* Expect these types of message to be handled by the end. */
void stage_expect(uint32_t types);

/* Ready memory for a test of a single mailbox. */
void stage_mailbox(struct event_mbox **mbox, uint32_t type);

/* Before all others: messages between cores in short form. */
void stage_short(void);

/*
 * Before all others: every core runs @fn, in place of the library's
 * vcore_main().  It begins there again whenever the kernel enters user mode; and
 * if stage_entered() says that it has not, it owes the kernel a core_loop().
 */
void stage_core_is(void (*fn)(void *arg));
bool stage_entered(void);

/* User code until an interrupt: sleep until this core has a message. */
void stage_wait_for_message(void);

/* Before all others: somebody waits for epochs of handlers to pass. */
void stage_watch_epochs(void);

/* User memory may be bad: what the kernel refuses is counted, and it may kill
 * the process.  @may_lack_memory: any page may be one too many. */
void stage_tolerant(bool may_lack_memory);
extern uint32_t refused;

/* To the library, core @c runs vcore @vcoreid. */
void stage_acts_as(uint32_t c, uint32_t vcoreid, bool in_vcore);

/* context.kind: begin at vcore_entry. */
#define CONTEXT_FRESH	1

/* What a vcore does that gives its core back. */
void stage_yield(void);
/* And one that keeps it, until something is pending. */
void stage_linger(void);

/* The vcore that runs the caller. */
uint32_t stage_vcoreid(void);
