/*
 * intr.h - ^C for programs that mean to survive it.
 *
 * Without it, SIGINT ends a process.  After intr_enable() the process gets
 * EV_POSIX_SIGNAL instead, and ^C ends whatever call intr_call() waits for.
 */
#pragma once

#include <stdbool.h>

struct syscall;

/* From now on signals are events, to vcore 0.  SIGHUP, SIGTERM and their like
 * still end the process; others do nothing.  0 or -errno.  Context: uthread. */
int intr_enable(void);

/* Has there been a ^C since the last time that this was asked? */
bool intr_taken(void);

/*
 * Submit @sc and wait.  A ^C before or meanwhile ends the call with ECANCELED,
 * unless it was done already.  For single-core processes: the handler must not
 * outlive the call on another vcore.
 *
 * Returns what the call does: -1 with errno on failure.  Context: uthread.
 */
long intr_call(struct syscall *sc);
