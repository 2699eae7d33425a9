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

int getpid(void);
int getppid(void);

/* Block the calling uthread that long.  0, or -1 with errno. */
int usleep(uint64_t usec);
int sleep(unsigned int seconds);
