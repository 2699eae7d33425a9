/* unistd.h - the few system calls that have POSIX names. */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef long ssize_t;

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

int getpid(void);
int getppid(void);

/* Block the calling uthread that long.  0, or -1 with errno. */
int usleep(uint64_t usec);
int sleep(unsigned int seconds);
