/*
 * sys_misc.c - system calls about memory, the console, records, the machine.
 */
#include "syscall/syscall.h"

#include "abi/errno.h"
#include "core/kmsg.h"
#include "dev/console.h"
#include "dev/exit.h"
#include "dev/file.h"
#include "dev/record.h"
#include "dev/tap.h"
#include "lib/lab.h"
#include "lib/string.h"
#include "mm/aspace.h"
#include "mm/usercopy.h"
#include "proc/proc.h"

#define CHUNK	256		/* of what passes through the kernel's stack */
#define TURN	4096		/* bytes; then others may want the core */

/* (fd, buf, len) */
int64_t sys_read(struct proc *p, const uint64_t *args)
{
	size_t len = args[2] < CHUNK ? args[2] : CHUNK;
	char buf[CHUNK];
	int n;

	if (!len)
		return 0;
	n = file_read(p, args[0], buf, len);
	if (n > 0 && copy_to_user((void *)args[1], buf, n))
		return -EFAULT;
	return n;
}

/* (fd, buf, len) */
int64_t sys_write(struct proc *p, const uint64_t *args)
{
	char buf[CHUNK];
	size_t done = 0;
	int n = 1;

	while (done < args[2] && n > 0 && !proc_is_dying(p) &&
	       (done < TURN || !kmsg_waiting())) {
		n = args[2] - done < CHUNK ? args[2] - done : CHUNK;
		if (copy_from_user(buf, (char *)args[1] + done, n))
			n = -EFAULT;
		else
			n = file_write(p, args[0], buf, n);
		done += n > 0 ? n : 0;
	}
	return done || n > 0 ? (int64_t)done : n;
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

/* Two words: the exercise and the function of it that was reached. */
static int64_t record_todo(char *text)
{
	char *function = strchr(text, ' ');

	if (!function)
		return -EINVAL;
	*function++ = '\0';
	return lab_say(text, function);
}

/* (kind, text, len) */
int64_t sys_record(struct proc *p, const uint64_t *args)
{
	size_t len = args[2];
	char text[CHUNK + 1];

	if (args[0] < REC_START || args[0] > REC_TODO || len > CHUNK)
		return -EINVAL;
	if (copy_from_user(text, (void *)args[1], len))
		return -EFAULT;
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return -EINVAL;
	text[len] = '\0';
	if (args[0] == REC_TODO)
		return record_todo(text);
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
	return console_set_foreground(p, args[0]);
}

/* (int32_t fds[2], FD_*) */
int64_t sys_pipe(struct proc *p, const uint64_t *args)
{
	int fds[2];
	int err = file_pipe(p, args[1], fds);

	if (err || !copy_to_user((void *)args[0], fds, sizeof(fds)))
		return err;
	file_close(p, fds[0]);
	file_close(p, fds[1]);
	return -EFAULT;
}

/* (fd) */
int64_t sys_close(struct proc *p, const uint64_t *args)
{
	return file_close(p, args[0]);
}

/* (from, to, FD_*) */
int64_t sys_dup2(struct proc *p, const uint64_t *args)
{
	return file_dup2(p, args[0], args[1], args[2]);
}

/* (path, FD_*) */
int64_t sys_open(struct proc *p, const uint64_t *args)
{
	char path[64];
	int err = copy_path(path, args[0], sizeof(path));

	return err ? err : file_open(p, path, args[1]);
}

/* (fd, TAP_*, ev_q, id, data) */
int64_t sys_tap(struct proc *p, const uint64_t *args)
{
	if (args[1] == TAP_LOOK)
		return tap_ready(p, args[0]);
	if (args[1] & ~(uint64_t)(TAP_READABLE | TAP_WRITABLE))
		return -EINVAL;
	return tap_set(p, args[0], args[1], (struct event_queue *)args[2],
		       args[3], args[4]);
}
