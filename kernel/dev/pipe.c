/*
 * pipe.c - bytes from one process to another.
 */
#include "dev/pipe.h"

#include "abi/errno.h"
#include "dev/tap.h"

bool pipe_readable(struct pipe *pipe)
{
	return pipe->head != pipe->tail || !pipe->writers;
}

bool pipe_writable(struct pipe *pipe)
{
	return pipe->tail - pipe->head < PIPE_SIZE || !pipe->readers;
}

int pipe_read(struct pipe *pipe, char *buf, size_t len, uint64_t *flags)
{
	size_t n = 0;
	int err = 0;

	while (!pipe_readable(pipe) && !err)
		err = waitq_sleep(&pipe->changed, flags);
	if (err)
		return err;
	while (n < len && pipe->head != pipe->tail)
		buf[n++] = pipe->bytes[pipe->head++ % PIPE_SIZE];
	waitq_wake(&pipe->changed);
	return n;
}

int pipe_write(struct pipe *pipe, const char *buf, size_t len,
	       uint64_t *flags)
{
	size_t n = 0;
	int err = 0;

	while (n < len && !err) {
		while (!pipe_writable(pipe) && !err)
			err = waitq_sleep(&pipe->changed, flags);
		if (!err && !pipe->readers)
			err = -EPIPE;
		while (!err && n < len && pipe->tail - pipe->head < PIPE_SIZE)
			pipe->bytes[pipe->tail++ % PIPE_SIZE] = buf[n++];
		waitq_wake(&pipe->changed);
		tap_look(&pipe->taps);
	}
	return n ? (int)n : err;
}
