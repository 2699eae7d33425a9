/*
 * mcp.h - a single-core process becomes a many-core one.
 */
#pragma once

/*
 * The calling SCP becomes an MCP.  Its vcore 0 leaves core 0 and starts again
 * at vcore_entry on a core that is granted to it; if it was not masked, what
 * ran is in the VCPD as an interrupted uthread.  There is no way back.
 *
 * 0: core_loop() is next.  -EINVAL: it is one already, or has no vcore
 * context.  Context: kthread of core 0 with its user context in core->ctx; no
 * locks.
 */
int proc_change_to_m(void);
