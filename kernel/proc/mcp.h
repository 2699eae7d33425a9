/*
 * mcp.h - what only many-core processes do: become one, trade vcores.
 */
#pragma once

#include "abi/types.h"

/*
 * The calling SCP becomes an MCP.  Its vcore 0 leaves core 0 and starts again
 * at vcore_entry on a core that is granted to it; if it was not masked, what
 * ran is in the VCPD as an interrupted uthread.  There is no way back.
 *
 * It is asked first, for its system call must be complete when it has left: 0,
 * or -EINVAL if it is one already, or has no vcore context.
 *
 * Context: kthread of core 0 with its user context in core->ctx; no locks.
 * core_loop() is next.
 */
int proc_may_change_to_m(void);
void proc_change_to_m(void);

/*
 * Turn this core into vcore @vcoreid of its process.  The vcore that it was
 * looks preempted; with @enable_notifs it has nothing to come back to and
 * starts at vcore_entry when it starts again.  The other one is told: to
 * recover it, or only to check its messages.
 *
 * 0: core_loop() is next.  -EINVAL, -EBUSY, -EAGAIN: see abi/syscall.h.
 * Context: kthread of the core with its user context in core->ctx; no locks.
 */
int proc_change_to_vcore(uint32_t vcoreid, bool enable_notifs);
