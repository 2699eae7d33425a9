/*
 * psync.c - what POSIX threads wait for, over usync.h.
 */
#include "abi/errno.h"
#include "atomic.h"
#include "clock.h"
#include "pthread.h"

/* --- Mutex ---------------------------------------------------------------- */

int pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
	attr->type = PTHREAD_MUTEX_DEFAULT;
	return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr)
{
	return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type)
{
	if (type < PTHREAD_MUTEX_NORMAL || type > PTHREAD_MUTEX_ERRORCHECK)
		return EINVAL;
	attr->type = type;
	return 0;
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *attr, int *type)
{
	*type = attr->type;
	return 0;
}

int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr)
{
	*m = (pthread_mutex_t){
		.type = attr ? attr->type : PTHREAD_MUTEX_DEFAULT,
	};
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *m)
{
	return m->lock.owner ? EBUSY : 0;
}

/* Only the caller can make this true or false. */
static bool is_mine(pthread_mutex_t *m)
{
	return read_once(m->lock.owner) == uthread_self();
}

/* Lock @m, which is the caller's, once more: 0 or @err. */
static int lock_again(pthread_mutex_t *m, int err)
{
	if (m->type != PTHREAD_MUTEX_RECURSIVE)
		return err;
	m->depth++;
	return 0;
}

int pthread_mutex_lock(pthread_mutex_t *m)
{
	if (m->type != PTHREAD_MUTEX_NORMAL && is_mine(m))
		return lock_again(m, EDEADLK);
	umutex_lock(&m->lock);
	return 0;
}

int pthread_mutex_timedlock(pthread_mutex_t *m, const struct timespec *until)
{
	uint64_t ns;

	if (m->type != PTHREAD_MUTEX_NORMAL && is_mine(m))
		return lock_again(m, EDEADLK);
	if (umutex_trylock(&m->lock))
		return 0;
	if (clock_from_timespec(until, &ns))
		return EINVAL;
	return -umutex_lock_until(&m->lock, ns);
}

int pthread_mutex_trylock(pthread_mutex_t *m)
{
	if (is_mine(m))
		return lock_again(m, EBUSY);
	return umutex_trylock(&m->lock) ? 0 : EBUSY;
}

/* Another's mutex is not the caller's to let go of; but a normal one is not
 * looked at. */
static bool may_let_go(pthread_mutex_t *m)
{
	return m->type == PTHREAD_MUTEX_NORMAL || is_mine(m);
}

int pthread_mutex_unlock(pthread_mutex_t *m)
{
	if (!may_let_go(m))
		return EPERM;
	if (m->depth) {
		m->depth--;
		return 0;
	}
	umutex_unlock(&m->lock);
	return 0;
}

/* --- Condition variable --------------------------------------------------- */

int pthread_condattr_init(pthread_condattr_t *attr)
{
	*attr = (pthread_condattr_t){ 0 };
	return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr)
{
	return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC ? 0
								   : EINVAL;
}

int pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr)
{
	*c = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
	return 0;
}

int pthread_cond_destroy(pthread_cond_t *c)
{
	return c->waiters.head ? EBUSY : 0;
}

/* Who waits lets go of @m altogether, and has it as deep again afterwards. */
int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
	unsigned int depth = m->depth;

	if (!may_let_go(m))
		return EPERM;
	m->depth = 0;
	ucond_wait(c, &m->lock);
	m->depth = depth;
	return 0;
}

int pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
			   const struct timespec *until)
{
	unsigned int depth = m->depth;
	uint64_t ns;
	int err;

	if (!may_let_go(m))
		return EPERM;
	if (clock_from_timespec(until, &ns))
		return EINVAL;
	m->depth = 0;
	err = ucond_wait_until(c, &m->lock, ns);
	m->depth = depth;
	return -err;
}

int pthread_cond_signal(pthread_cond_t *c)
{
	ucond_signal(c);
	return 0;
}

int pthread_cond_broadcast(pthread_cond_t *c)
{
	ucond_broadcast(c);
	return 0;
}

/* --- Read-write lock ------------------------------------------------------ */

int pthread_rwlock_init(pthread_rwlock_t *rw,
			const pthread_rwlockattr_t *attr)
{
	*rw = (pthread_rwlock_t)PTHREAD_RWLOCK_INITIALIZER;
	return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *rw)
{
	return rw->readers || rw->writers ? EBUSY : 0;
}

/* Take it for reading, and wait for that if @wait. */
static int lock_for_reading(pthread_rwlock_t *rw, bool wait)
{
	int err = 0;

	umutex_lock(&rw->lock);
	while (wait && rw->writers)
		ucond_wait(&rw->change, &rw->lock);
	if (rw->writers)
		err = EBUSY;
	else
		rw->readers++;
	umutex_unlock(&rw->lock);
	return err;
}

static int lock_for_writing(pthread_rwlock_t *rw, bool wait)
{
	int err = 0;

	umutex_lock(&rw->lock);
	rw->writers++;
	while (wait && (rw->readers || rw->writing))
		ucond_wait(&rw->change, &rw->lock);
	if (rw->readers || rw->writing) {
		err = EBUSY;
		rw->writers--;
	} else {
		rw->writing = true;
	}
	umutex_unlock(&rw->lock);
	return err;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *rw)
{
	return lock_for_reading(rw, true);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *rw)
{
	return lock_for_reading(rw, false);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *rw)
{
	return lock_for_writing(rw, true);
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *rw)
{
	return lock_for_writing(rw, false);
}

int pthread_rwlock_unlock(pthread_rwlock_t *rw)
{
	umutex_lock(&rw->lock);
	if (rw->writing) {
		rw->writing = false;
		rw->writers--;
	} else {
		rw->readers--;
	}
	ucond_broadcast(&rw->change);
	umutex_unlock(&rw->lock);
	return 0;
}

/* --- Barrier -------------------------------------------------------------- */

int pthread_barrier_init(pthread_barrier_t *b,
			 const pthread_barrierattr_t *attr, unsigned int n)
{
	if (!n)
		return EINVAL;
	ubarrier_init(b, n);
	return 0;
}

int pthread_barrier_destroy(pthread_barrier_t *b)
{
	return b->arrived ? EBUSY : 0;
}

int pthread_barrier_wait(pthread_barrier_t *b)
{
	return ubarrier_wait(b) ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}
