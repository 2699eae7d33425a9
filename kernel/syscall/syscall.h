/*
 * syscall.h - system calls, from the instruction to the handler.
 *
 * The instruction's way in is entry.S, which calls syscall_entry().
 */
#pragma once

#include "abi/syscall.h"

struct context;
struct proc;

/*
 * A handler: @p called, with @args.  Its result, 0 or more, or -errno.
 *
 * Context: kthread, interrupts on, no locks; @p owns this core, until the
 * handler waits, and its address space is loaded.
 */
typedef int64_t (*syscall_fn)(struct proc *p, const uint64_t *args);

/*
 * Run the call at @u_sysc.  If it waits, the vcore goes back to user mode
 * without it.  Returns for a plain return to user mode, or not at all.
 *
 * Context: from entry.S, interrupts off; @frame is on this stack.
 */
void syscall_entry(struct context *frame, struct syscall *u_sysc);

/* The user's string at @u_path, with its NUL.  0, -EFAULT, or -ENAMETOOLONG for
 * more than @len bytes. */
int copy_path(char *path, uint64_t u_path, size_t len);

/* Processes and cores: sys_proc.c. */
int64_t sys_proc_create(struct proc *p, const uint64_t *args);
int64_t sys_proc_run(struct proc *p, const uint64_t *args);
int64_t sys_waitpid(struct proc *p, const uint64_t *args);
int64_t sys_kill(struct proc *p, const uint64_t *args);
int64_t sys_poke_ksched(struct proc *p, const uint64_t *args);
int64_t sys_proc_info(struct proc *p, const uint64_t *args);
int64_t sys_core_info(struct proc *p, const uint64_t *args);
int64_t sys_preempt(struct proc *p, const uint64_t *args);
int64_t sys_provision(struct proc *p, const uint64_t *args);
int64_t sys_kernel_info(struct proc *p, const uint64_t *args);

/* Events: sys_event.c. */
int64_t sys_notify(struct proc *p, const uint64_t *args);
int64_t sys_self_notify(struct proc *p, const uint64_t *args);
int64_t sys_send_event(struct proc *p, const uint64_t *args);
int64_t sys_block(struct proc *p, const uint64_t *args);
int64_t sys_abort(struct proc *p, const uint64_t *args);
int64_t sys_alarm_set(struct proc *p, const uint64_t *args);
int64_t sys_alarm_cancel(struct proc *p, const uint64_t *args);

/* Memory, console, records, the machine: sys_misc.c. */
int64_t sys_read(struct proc *p, const uint64_t *args);
int64_t sys_write(struct proc *p, const uint64_t *args);
int64_t sys_mmap(struct proc *p, const uint64_t *args);
int64_t sys_munmap(struct proc *p, const uint64_t *args);
int64_t sys_record(struct proc *p, const uint64_t *args);
int64_t sys_halt(struct proc *p, const uint64_t *args);
int64_t sys_foreground(struct proc *p, const uint64_t *args);
int64_t sys_pipe(struct proc *p, const uint64_t *args);
int64_t sys_close(struct proc *p, const uint64_t *args);
int64_t sys_dup2(struct proc *p, const uint64_t *args);
int64_t sys_tap(struct proc *p, const uint64_t *args);
int64_t sys_open(struct proc *p, const uint64_t *args);
