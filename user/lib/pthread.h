/*
 * pthread.h - POSIX threads over uthreads: what an ordinary program uses.
 *
 * A pthread is a uthread; the process asks for as many vcores as it has threads
 * ready to run.  There is no cancellation, and no priority inheritance; a mutex
 * is not shared between processes, for there is no shared memory.
 *
 * Deadlines are on CLOCK_REALTIME, which is CLOCK_MONOTONIC: see time.h.
 */
#pragma once

#include "sched.h"
#include "time.h"
#include "usync.h"
#include "uthread.h"

typedef struct uthread *pthread_t;
typedef struct ucond pthread_cond_t;
typedef struct ubarrier pthread_barrier_t;
typedef uint32_t pthread_once_t;
typedef uint32_t pthread_key_t;

typedef struct {
	struct umutex	lock;
	int		type;	/* PTHREAD_MUTEX_*, fixed */
	/* Its owner's: how often more it is locked than once. */
	unsigned int	depth;
} pthread_mutex_t;

typedef struct {
	struct umutex	lock;
	/* Under lock: */
	struct ucond	change;
	unsigned int	readers;	/* who have it */
	unsigned int	writers;	/* who have it or wait */
	bool		writing;
} pthread_rwlock_t;

typedef struct {
	int		detached;
	size_t		stack_size;
} pthread_attr_t;

typedef struct { int type; } pthread_mutexattr_t;
typedef struct { int unused; } pthread_condattr_t;
typedef struct { int unused; } pthread_rwlockattr_t;
typedef struct { int unused; } pthread_barrierattr_t;

#define PTHREAD_MUTEX_INITIALIZER	{ .type = PTHREAD_MUTEX_NORMAL }
#define PTHREAD_COND_INITIALIZER	{ .lock = { 0 } }
#define PTHREAD_RWLOCK_INITIALIZER	{ .readers = 0 }
#define PTHREAD_ONCE_INIT		0
#define PTHREAD_BARRIER_SERIAL_THREAD	(-1)
#define PTHREAD_KEYS_MAX		32
#define PTHREAD_DESTRUCTOR_ITERATIONS	4
#define PTHREAD_STACK_MIN		(16 * 1024)
#define PTHREAD_CREATE_JOINABLE		0
#define PTHREAD_CREATE_DETACHED		1
#define PTHREAD_MUTEX_NORMAL		0
#define PTHREAD_MUTEX_RECURSIVE		1
#define PTHREAD_MUTEX_ERRORCHECK	2
#define PTHREAD_MUTEX_DEFAULT		PTHREAD_MUTEX_NORMAL

/* All return 0 or an errno, as POSIX has it. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attr,
		   void *(*start)(void *), void *arg);
int pthread_join(pthread_t thread, void **result);
int pthread_detach(pthread_t thread);
void pthread_exit(void *result) __attribute__((noreturn));
pthread_t pthread_self(void);
int pthread_equal(pthread_t a, pthread_t b);

int pthread_attr_init(pthread_attr_t *attr);
int pthread_attr_destroy(pthread_attr_t *attr);
int pthread_attr_setdetachstate(pthread_attr_t *attr, int state);
int pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state);
int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size);
int pthread_attr_getstacksize(const pthread_attr_t *attr, size_t *size);

int pthread_mutexattr_init(pthread_mutexattr_t *attr);
int pthread_mutexattr_destroy(pthread_mutexattr_t *attr);
int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type);
int pthread_mutexattr_gettype(const pthread_mutexattr_t *attr, int *type);
int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr);
int pthread_mutex_destroy(pthread_mutex_t *m);
int pthread_mutex_lock(pthread_mutex_t *m);
int pthread_mutex_timedlock(pthread_mutex_t *m, const struct timespec *until);
int pthread_mutex_trylock(pthread_mutex_t *m);
int pthread_mutex_unlock(pthread_mutex_t *m);

int pthread_condattr_init(pthread_condattr_t *attr);
int pthread_condattr_destroy(pthread_condattr_t *attr);
int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock);
int pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr);
int pthread_cond_destroy(pthread_cond_t *c);
int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m);
int pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
			   const struct timespec *until);
int pthread_cond_signal(pthread_cond_t *c);
int pthread_cond_broadcast(pthread_cond_t *c);

/* Writers go before readers that come later. */
int pthread_rwlock_init(pthread_rwlock_t *rw,
			const pthread_rwlockattr_t *attr);
int pthread_rwlock_destroy(pthread_rwlock_t *rw);
int pthread_rwlock_rdlock(pthread_rwlock_t *rw);
int pthread_rwlock_tryrdlock(pthread_rwlock_t *rw);
int pthread_rwlock_wrlock(pthread_rwlock_t *rw);
int pthread_rwlock_trywrlock(pthread_rwlock_t *rw);
int pthread_rwlock_unlock(pthread_rwlock_t *rw);

int pthread_barrier_init(pthread_barrier_t *b,
			 const pthread_barrierattr_t *attr, unsigned int n);
int pthread_barrier_destroy(pthread_barrier_t *b);
int pthread_barrier_wait(pthread_barrier_t *b);

int pthread_once(pthread_once_t *once, void (*init)(void));

/* A key that was deleted is not given out again: PTHREAD_KEYS_MAX in all. */
int pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int pthread_key_delete(pthread_key_t key);
int pthread_setspecific(pthread_key_t key, const void *value);
void *pthread_getspecific(pthread_key_t key);
