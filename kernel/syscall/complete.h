/*
 * complete.h - the end of a system call.
 */
#pragma once

#include "abi/syscall.h"

struct proc;

/*
 * Write @result, a value or -errno, into the call at @u_sysc, mark it done
 * and send EV_SYSCALL if the user asked for it.
 *
 * Context: kthread, no locks; @p's address space loaded.
 */
void syscall_complete(struct proc *p, struct syscall *u_sysc, int64_t result);
