/*
 * semaphore.h - POSIX semaphores of one process, over usync.h.
 *
 * All return 0, or -1 with errno.
 */
#pragma once

#include "errno.h"
#include "usync.h"

typedef struct usem sem_t;

static inline int sem_init(sem_t *s, int shared, unsigned int count)
{
	usem_init(s, count);
	return 0;
}

static inline int sem_destroy(sem_t *s)
{
	return 0;
}

static inline int sem_wait(sem_t *s)
{
	usem_down(s);
	return 0;
}

static inline int sem_trywait(sem_t *s)
{
	if (usem_trydown(s))
		return 0;
	errno = EAGAIN;
	return -1;
}

static inline int sem_post(sem_t *s)
{
	usem_up(s);
	return 0;
}
