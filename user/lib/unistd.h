/* unistd.h - the few system calls that have POSIX names. */
#pragma once

#include "getopt.h"
#include "sys/types.h"

#define STDIN_FILENO	0
#define STDOUT_FILENO	1
#define STDERR_FILENO	2

ssize_t read(int fd, void *buf, size_t len);
ssize_t write(int fd, const void *buf, size_t len);

/* Only files of the initramfs, and only to read. */
#define O_RDONLY	0
#define O_CLOEXEC	1	/* children do not get the descriptor */

int open(const char *path, int flags);
int close(int fd);
int dup2(int from, int to);
int dup3(int from, int to, int flags);

/* @fds[0] reads what is written to @fds[1]: 0 bytes are the end, when nobody
 * has the other end any more.  A write without readers fails with EPIPE, and
 * there is no SIGPIPE. */
int pipe(int fds[2]);
int pipe2(int fds[2], int flags);

pid_t getpid(void);
pid_t getppid(void);

/* End the whole process: nothing is buffered that exit() would write. */
void _exit(int status) __attribute__((noreturn));

/* Block the calling uthread that long, without a vcore.  0. */
int usleep(uint64_t usec);
int sleep(unsigned int seconds);

/* How many cores the machine has, online or at all; -1 with EINVAL for any
 * other question. */
#define _SC_NPROCESSORS_CONF	83
#define _SC_NPROCESSORS_ONLN	84
long sysconf(int name);
