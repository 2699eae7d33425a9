/* unistd.c - POSIX names for what the kernel offers anyway. */
#include "unistd.h"

#include "clock.h"
#include "stdlib.h"
#include "syscall.h"
#include "usync.h"
#include "vcore.h"

ssize_t read(int fd, void *buf, size_t len)
{
	return sys_read(fd, buf, len);
}

ssize_t write(int fd, const void *buf, size_t len)
{
	const char *from = buf;
	size_t done = 0;
	ssize_t n;

	/* The kernel writes a piece at a time. */
	do {
		n = sys_write(fd, from + done, len - done);
		done += n > 0 ? (size_t)n : 0;
	} while (n > 0 && done < len);
	return done ? (ssize_t)done : n;
}

static uint32_t fd_flags(int flags)
{
	return flags & O_CLOEXEC ? FD_PRIVATE : 0;
}

int open(const char *path, int flags)
{
	return sys_open(path, fd_flags(flags));
}

int close(int fd)
{
	return sys_close(fd);
}

int dup2(int from, int to)
{
	return sys_dup2(from, to, 0);
}

int dup3(int from, int to, int flags)
{
	return sys_dup2(from, to, fd_flags(flags));
}

int pipe(int fds[2])
{
	return sys_pipe(fds, 0);
}

int pipe2(int fds[2], int flags)
{
	return sys_pipe(fds, fd_flags(flags));
}

pid_t getpid(void)
{
	return procinfo->pid;
}

pid_t getppid(void)
{
	return procinfo->ppid;
}

void _exit(int status)
{
	exit(status);
}

int usleep(uint64_t usec)
{
	uthread_sleep_ns(usec < UINT64_MAX / NSEC_PER_USEC ?
			 usec * NSEC_PER_USEC : UINT64_MAX);
	return 0;
}

int sleep(unsigned int seconds)
{
	uthread_sleep_ns(seconds * NSEC_PER_SEC);
	return 0;
}

long sysconf(int name)
{
	if (name == _SC_NPROCESSORS_CONF || name == _SC_NPROCESSORS_ONLN)
		return procinfo->nr_cores;
	errno = EINVAL;
	return -1;
}
