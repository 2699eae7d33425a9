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
