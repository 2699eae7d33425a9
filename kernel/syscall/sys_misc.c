/*
 * sys_misc.c - system calls about memory, the console, records, the machine.
 */
#include "syscall/syscall.h"

#include "abi/errno.h"
#include "dev/console.h"
#include "dev/exit.h"
#include "dev/record.h"
#include "mm/aspace.h"
#include "mm/usercopy.h"
#include "proc/proc.h"

#define CHUNK	256		/* of what passes through the kernel's stack */

/* (fd, buf, len) */
int64_t sys_read(struct proc *p, const uint64_t *args)
{
	size_t len = args[2] < CHUNK ? args[2] : CHUNK;
	char buf[CHUNK];
	int n;

	if (args[0] != 0)
		return -EBADF;
	if (!len)
		return 0;
	n = console_read(buf, len);
	if (n > 0 && copy_to_user((void *)args[1], buf, n))
		return -EFAULT;
	return n;
}

/* (fd, buf, len) */
int64_t sys_write(struct proc *p, const uint64_t *args)
{
	char buf[CHUNK];
	size_t done = 0;

	if (args[0] != 1 && args[0] != 2)
		return -EBADF;
	while (done < args[2] && !proc_is_dying(p)) {
		size_t n = args[2] - done < CHUNK ? args[2] - done : CHUNK;

		if (copy_from_user(buf, (char *)args[1] + done, n))
			return done ? (int64_t)done : -EFAULT;
		console_write(buf, n);
		done += n;
	}
	return done;
}

/* (addr or 0, len, prot) */
int64_t sys_mmap(struct proc *p, const uint64_t *args)
{
	uintptr_t va = args[0];
	int err = aspace_map_anon(p->as, &va, args[1], args[2]);

	return err ? err : (int64_t)va;
}

/* (addr, len) */
int64_t sys_munmap(struct proc *p, const uint64_t *args)
{
	return aspace_unmap(p->as, args[0], args[1]);
}

static const char *const record_kinds[] = {
	[REC_START]	= "start",
	[REC_CHECK]	= "check",
	[REC_END]	= "end",
	[REC_NOTE]	= "note",
};

/* (kind, text, len) */
int64_t sys_record(struct proc *p, const uint64_t *args)
{
	size_t len = args[2];
	char text[CHUNK + 1];

	if (args[0] < REC_START || args[0] > REC_NOTE || len > CHUNK)
		return -EINVAL;
	if (copy_from_user(text, (void *)args[1], len))
		return -EFAULT;
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return -EINVAL;
	text[len] = '\0';
	record(record_kinds[args[0]], "%s", text);
	return 0;
}

/* (status, reboot) */
int64_t sys_halt(struct proc *p, const uint64_t *args)
{
	if (args[1])
		machine_reboot();
	machine_exit(args[0] & 0xff);
}

/* (pid) */
int64_t sys_foreground(struct proc *p, const uint64_t *args)
{
	console_set_foreground(args[0]);
	return 0;
}
