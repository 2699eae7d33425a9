/*
 * console.h - the terminal: bytes in for whoever reads, ^C for one process.
 */
#pragma once

#include "abi/types.h"

struct proc;

/*
 * Take 1 to @len bytes that were typed; waits until there are some.  Nothing is
 * echoed or edited: that is the reader's to do.  Or as waitq_sleep().
 *
 * Context: kthread, wait_lock with its @flags.
 */
int console_read(char *buf, size_t len, uint64_t *flags);

/* Are there any?  Context: wait_lock. */
bool console_readable(void);

/* Print @len bytes, all together.  Context: any. */
void console_write(const char *buf, size_t len);

/*
 * ^C becomes a SIGINT for process @pid; for nobody if that is 0.  That is for
 * @p to say if the present one is itself or its child, or if nobody is
 * there to say it: the present one has ended, or its parent has.  Else -EPERM.
 */
int console_set_foreground(struct proc *p, uint32_t pid);

/* A byte may have come.  Context: VEC_UART, interrupts off. */
void console_interrupt(void);

/* Context: kmain(), before console interrupts. */
void console_init(void);
