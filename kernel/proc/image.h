/*
 * image.h - a process's memory as it begins: program, stack, arguments, and
 * the two windows, procinfo and procdata.
 */
#pragma once

#include "abi/types.h"

struct proc;

/* How many vcores a process on this machine has at most. */
uint32_t image_max_vcores(void);

/*
 * Make @p's address space and fill it: program @path of the initramfs, a
 * stack with a guard page below it, the @argc strings in the @args_len bytes
 * at @args.  Sets as, procdata, procinfo, entry, stack.
 *
 * 0, -ENOENT, -ENOEXEC, -ENOMEM, -E2BIG.  Context: no locks.
 */
int image_load(struct proc *p, const char *path, const char *args,
	       size_t args_len, uint32_t argc);

/* Free it all again.  Context: nobody has the address space loaded. */
void image_free(struct proc *p);
