/*
 * upcall.h - into vcore context, and back to what was interrupted.
 *
 * All of these prepare core->ctx, which core_loop() then enters.  A process
 * whose VCPD makes that impossible is killed.
 *
 * Context, all: the core itself, interrupts on, no locks; @p owns the core and
 * its address space is loaded.
 */
#pragma once

#include "abi/types.h"

struct core;
struct proc;

/*
 * The uthread in core->ctx was interrupted for its vcore: save it whole in
 * the VCPD, mask notifications, and start vcore context from the top.
 * Requires that notifications are not masked and vcore context is possible.
 */
void upcall_interrupt(struct core *core, struct proc *p);

/* Vcore owner_vcoreid has got this core, when @sent preemptions of it had been
 * sent: continue its vcore context if that was preempted; else start it.  A
 * uthread that was preempted is in the VCPD for it to find, as after a
 * notification, unless another vcore took it. */
void upcall_restart_vcore(struct core *core, struct proc *p, uint32_t sent);

/* An SCP has its turn: continue it, or start its vcore context. */
void upcall_restart_scp(struct core *core, struct proc *p);
