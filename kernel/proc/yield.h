/*
 * yield.h - a vcore gives up its core.
 */
#pragma once

#include "abi/types.h"

struct proc;

/*
 * Give up the calling core.  Returns, having done nothing, when there is a
 * reason to stay; otherwise the core has no owner any more when it returns,
 * and core_loop() is next.
 *
 * An MCP's vcore stays when its core is just being taken, when it is being nice
 * and nobody has warned it, when it is not and its process wants all the cores
 * that it has, and when it has something pending.  With the last one the
 * process sleeps, or, if that was only nice, waits for a core.  An SCP that is
 * nice lets others run first; otherwise it sleeps, unless it has something
 * pending.  Whoever was masked starts again at vcore_entry; an SCP that was not
 * masked continues where it was.
 *
 * Context: kthread of that core, no locks.
 */
void proc_yield(bool being_nice);

/*
 * If @p sleeps, it does no more: it gets its turn on core 0, or cores.
 *
 * Context: kthread or routine message, no locks.
 */
void proc_wakeup(struct proc *p);
