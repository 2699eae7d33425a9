/*
 * preempt.h - take cores from whoever has them.
 *
 * A process may be warned, and then has until the deadline to give a core up
 * by itself, by being nice; after that, or at once, the core is taken in the
 * middle of whatever it does.
 */
#pragma once

#include "abi/types.h"

struct core;
struct proc;

#define PREEMPT_ALL	0xffffffffU	/* in place of a vcoreid */

/*
 * Warn vcore @vcoreid of @p, or all, that its core will be taken in @ns; see
 * that it is.  Nothing happens to a vcore that is offline.
 *
 * Context: kthread or routine message, no locks.
 */
void preempt_warn(struct proc *p, uint32_t vcoreid, uint64_t ns);

/*
 * Take the core of vcore @vcoreid of @p, an MCP, now; or all its cores in one
 * stroke.  The cores save what they were doing and become free by themselves,
 * a little later.  False: the vcore was not online.
 *
 * Context: as above.
 */
bool preempt_vcore(struct proc *p, uint32_t vcoreid);

/* The owner of this core leaves it; it goes on in its next turn.  Context:
 * routine message of the core itself, no locks; it has an owner. */
void preempt_here(void);

/*
 * Wait until the context of @p's vcore is saved, if it is being taken from
 * another core: until as many preemptions are done as were @sent when it was
 * put onto this one.  One that was sent since is ours to do, later.  Or until
 * @p is dying: then there may be nothing to continue.
 *
 * Context: a core that is about to continue it.
 */
void preempt_wait_saved(struct proc *p, uint32_t vcoreid, uint32_t sent);

/* Tell @p that @vcoreid was preempted: who is online, or will be first.  Unless
 * all were, in one stroke: grant_cores() then tells.  Context: no locks. */
void preempt_tell(struct proc *p, uint32_t vcoreid);

/*
 * A vcore has started on @core, this one: do what was sent to it since the
 * grant, if that found its message queued already, for a vcore before it.
 *
 * Context: routine message, no locks.
 */
void preempt_started(struct core *core);

/* Prepare the core's messages.  Context: kmain(). */
void preempt_init_core(struct core *core);
