/*
 * pipe.h - bytes from one process to another.
 *
 * Context, all: wait_lock held, with its flags in @flags where a call may wait.
 */
#pragma once

#include "core/wait.h"

#define PIPE_SIZE	4096		/* a power of two */

/* wait_lock protects all of it. */
struct pipe {
	char		bytes[PIPE_SIZE];
	uint32_t	head, tail;	/* only grow; tail - head bytes in it */
	uint32_t	readers, writers;	/* 1 while that end is open */
	struct list	taps;		/* on either end: dev/tap.c */
	struct waitq	changed;
};

/* A read would not wait: there are bytes, or there is nobody to write any. */
bool pipe_readable(struct pipe *pipe);

/* A write would not wait: there is room, or nobody to read. */
bool pipe_writable(struct pipe *pipe);

/* Take 1 to @len bytes, 0 at the end; or as waitq_sleep(). */
int pipe_read(struct pipe *pipe, char *buf, size_t len, uint64_t *flags);

/* Put in all @len bytes, waiting for room; -EPIPE when nobody can read them; or
 * as waitq_sleep(). */
int pipe_write(struct pipe *pipe, const char *buf, size_t len,
	       uint64_t *flags);
