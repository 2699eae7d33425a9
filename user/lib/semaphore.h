/*
 * semaphore.h - POSIX semaphores of one process, over usync.h.
 *
 * All return 0, or -1 with errno.  Deadlines are as in pthread.h.
 */
#pragma once

#include "time.h"
#include "usync.h"

typedef struct usem sem_t;

/* @shared: there is no shared memory, so ENOSYS unless it is 0. */
int sem_init(sem_t *s, int shared, unsigned int count);
int sem_destroy(sem_t *s);
int sem_wait(sem_t *s);
int sem_timedwait(sem_t *s, const struct timespec *until);
int sem_trywait(sem_t *s);
int sem_post(sem_t *s);
int sem_getvalue(sem_t *s, int *count);
