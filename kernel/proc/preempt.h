/*
 * preempt.h - take this core from whoever has it.
 */
#pragma once

/*
 * The owner of this core leaves it in the middle of what it does, and goes on
 * later: an SCP in its next turn, an MCP's vcore when it is granted a core.
 * If the vcore is on its way off already, nothing happens.
 *
 * Context: routine message of the core itself, no locks; it has an owner.
 */
void preempt_here(void);
