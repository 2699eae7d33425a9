/*
 * switch.h - into another process's address space for a while.
 */
#pragma once

struct aspace;
struct proc;

/*
 * Load @p's address space on this core, and answer what was there for
 * switch_back().  Costs next to nothing if it was @p's.
 *
 * Context: kthread or routine message; the caller holds a reference to @p
 * until it has switched back, and does not sleep in between.
 */
struct aspace *switch_to(struct proc *p);
void switch_back(struct aspace *old);
