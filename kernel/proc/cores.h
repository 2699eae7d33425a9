/*
 * cores.h - a process and its cores: vcores get onto cores and off.
 */
#pragma once

#include "abi/types.h"

struct core;
struct proc;
struct vcore;

/*
 * Put vcores of @p onto the @n free cores of @coreids, in order: those lost
 * in bulk first, then the head of the inactive list.  Of the former, those for
 * whom there is no core become inactive, too, and the process is told of each.
 * Each core is sent its start message.  How many were taken: none if @p sleeps
 * or dies.
 *
 * Context: no locks; the cores are nobody's.
 */
uint32_t grant_cores(struct proc *p, const uint32_t *coreids, uint32_t n);

/*
 * Vcore @vcoreid of @p is no longer on a core: off the online list, onto the
 * head of the inactive one, where it is next to start.  The core still has to
 * let go.  Context: p->lock; the vcore is online.
 */
void vcore_offline(struct proc *p, uint32_t vcoreid);

/* The reverse, for a vcore that changed its mind before it let go of this
 * core.  Context: p->lock. */
void vcore_stay(struct proc *p, uint32_t vcoreid);

/*
 * This core is nobody's any more; its user context is forgotten.  The caller
 * then frees it with sched_core_free(), if it is to be granted again.
 *
 * Context: the core itself, no locks, not on the way back to user mode.
 */
void core_disown(struct core *core);
