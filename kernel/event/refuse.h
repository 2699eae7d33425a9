/*
 * refuse.h - what the kernel will not do for a process's garbage.
 */
#pragma once

#include "abi/event.h"

struct proc;

/*
 * Count that something of @p's was refused for @why, in procinfo where the
 * process can read it, and say so on the console, at most once a second.
 *
 * Context: any but interrupts; any locks.
 */
void refuse(struct proc *p, enum ev_refusal why);

/* Name of a reason, for people. */
const char *refusal_name(enum ev_refusal why);
