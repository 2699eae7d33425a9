/* unistd.c - POSIX names for what the kernel offers anyway. */
#include "unistd.h"

#include "syscall.h"
#include "vcore.h"

ssize_t read(int fd, void *buf, size_t len)
{
	return sys_read(fd, buf, len);
}

ssize_t write(int fd, const void *buf, size_t len)
{
	return sys_write(fd, buf, len);
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

int getpid(void)
{
	return procinfo->pid;
}

int getppid(void)
{
	return procinfo->ppid;
}

int usleep(uint64_t usec)
{
	return sys_block(usec);
}

int sleep(unsigned int seconds)
{
	return sys_block(seconds * 1000000UL);
}
