/*
 * sched.h - who gets which core.
 *
 * Core 0 runs single-core processes in turns.  All other cores are granted to
 * many-core processes, as many as each asks for in procdata.cores_wanted.
 * When they ask for more than there is, each has a right to what it was
 * provisioned and to an equal share of the rest; whoever has more than its
 * right while another has less is warned and gives cores back.  Where there
 * are not even enough for one each, they take turns.  A machine with one core
 * shares it between SCPs and MCPs.
 */
#pragma once

#include "abi/types.h"

struct proc;

/* All cores but core 0 become free.  Context: kmain(), all cores online. */
void sched_init(void);

/* @p is PROC_RUNNABLE_S: it gets its turn on core 0.  Context: p->lock. */
void sched_scp_runnable(struct proc *p);

/* @p has become an MCP: from now on look at what it wants.  Context:
 * p->lock. */
void sched_mcp_add(struct proc *p);

/* @p is dying: no more turns, no more cores.  Context: no sched lock. */
void sched_remove(struct proc *p);

/*
 * Give free cores to the processes that want them: someone may want more, or
 * be awake again.  Context: no locks; kthread or routine message.
 */
void sched_poke(void);

/* How many cores more than it has @p wants, and can have in its state.  A peek
 * without p->lock, good for choosing; true under it. */
uint32_t sched_wants(struct proc *p);

/* @p, an MCP or not yet, can have @cores whenever it wants them, as far as
 * the machine has as many.  Context: as sched_poke(). */
void sched_provision(struct proc *p, uint32_t cores);

/* Core @coreid has nobody any more.  Context: as sched_poke(). */
void sched_core_free(uint32_t coreid);

/* What becomes of core 0 when it has no owner. */
enum sched_choice {
	SCHED_NOTHING,	/* nobody wants it */
	SCHED_SCP,	/* *scp: PROC_RUNNING_S, mapped, with a reference */
	SCHED_LENT,	/* to an MCP: the start message has been sent */
};

/* Choose.  On a machine of one core, SCPs and MCPs alternate.  Context: core
 * 0 without an owner, no locks. */
enum sched_choice sched_core0(struct proc **scp);

/* Core 0 has an owner: see that its turn ends.  Context: core 0. */
void sched_start_turn(void);
