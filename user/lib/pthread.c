/*
 * pthread.c - POSIX threads over uthreads.
 */
#include "pthread.h"

#include "abi/errno.h"
#include "atomic.h"
#include "stdlib.h"
#include "vcore.h"

#define ONCE_RUNNING	1U
#define ONCE_DONE	2U

/* Keys are never given back, so their number is all there is to know. */
static pthread_key_t nr_keys;		/* atomic */
static void (*destructors[PTHREAD_KEYS_MAX])(void *);
static __thread void *specific[PTHREAD_KEYS_MAX];

/* What a new thread needs, on its creator's heap until it has begun. */
struct start {
	void		*(*fn)(void *);
	void		*arg;
};

/* Call the destructors of what the ending thread leaves.  One round: a
 * destructor that sets a value again is not called for it. */
static void destroy_specific(void)
{
	for (pthread_key_t k = 0; k < PTHREAD_KEYS_MAX; k++) {
		void *value = specific[k];

		specific[k] = NULL;
		if (value && destructors[k])
			destructors[k](value);
	}
}

static bool once_done(pthread_once_t *once)
{
	/* The word before what @init did.  Pairs with store_release() in
	 * user/lib/pthread.c:pthread_once() [once]. */
	return load_acquire(once) == ONCE_DONE;
}

static void *thread_start(void *arg)
{
	struct start start = *(struct start *)arg;
	void *result;

	free(arg);
	result = start.fn(start.arg);
	destroy_specific();
	return result;
}

/* As many vcores as the machine has cores to grant: the scheduler asks for
 * them with the number of threads that are ready to run. */
static void allow_vcores(void)
{
	if (procinfo->nr_cores > 2)
		uthread_set_max_vcores(procinfo->nr_cores - 1);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attr,
		   void *(*fn)(void *), void *arg)
{
	struct start *start = malloc(sizeof(*start));
	struct uthread *uth;

	if (!start)
		return EAGAIN;
	*start = (struct start){ .fn = fn, .arg = arg };
	allow_vcores();
	uth = uthread_create(thread_start, start);
	if (!uth) {
		free(start);
		return EAGAIN;
	}
	*thread = uth;
	if (attr && attr->detached)
		uthread_detach(uth);
	return 0;
}

int pthread_join(pthread_t thread, void **result)
{
	if (thread == uthread_self())
		return EDEADLK;
	return -uthread_join(thread, result);
}

int pthread_detach(pthread_t thread)
{
	uthread_detach(thread);
	return 0;
}

void pthread_exit(void *result)
{
	destroy_specific();
	uthread_exit(result);
}

pthread_t pthread_self(void)
{
	return uthread_self();
}

int pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}

int sched_yield(void)
{
	uthread_yield();
	return 0;
}

int pthread_attr_init(pthread_attr_t *attr)
{
	*attr = (pthread_attr_t){ PTHREAD_CREATE_JOINABLE };
	return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr)
{
	return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int state)
{
	attr->detached = state == PTHREAD_CREATE_DETACHED;
	return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, unsigned long size)
{
	return 0;	/* all have the library's */
}

int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr)
{
	*m = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *m)
{
	return m->owner ? EBUSY : 0;
}

int pthread_mutex_lock(pthread_mutex_t *m)
{
	umutex_lock(m);
	return 0;
}

int pthread_mutex_trylock(pthread_mutex_t *m)
{
	return umutex_trylock(m) ? 0 : EBUSY;
}

int pthread_mutex_unlock(pthread_mutex_t *m)
{
	umutex_unlock(m);
	return 0;
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

int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
	ucond_wait(c, m);
	return 0;
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

int pthread_once(pthread_once_t *once, void (*init)(void))
{
	if (atomic_cas32(once, PTHREAD_ONCE_INIT, ONCE_RUNNING)) {
		init();
		/* What @init did before the word.  Pairs with load_acquire()
		 * in user/lib/pthread.c:once_done() [once]. */
		store_release(once, ONCE_DONE);
	}
	while (!once_done(once))
		uthread_yield();
	return 0;
}

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	pthread_key_t k = atomic_fetch_add32(&nr_keys, 1);

	if (k >= PTHREAD_KEYS_MAX)
		return EAGAIN;
	destructors[k] = destructor;
	*key = k;
	return 0;
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
	if (key >= PTHREAD_KEYS_MAX)
		return EINVAL;
	specific[key] = (void *)value;
	return 0;
}

void *pthread_getspecific(pthread_key_t key)
{
	return key < PTHREAD_KEYS_MAX ? specific[key] : NULL;
}
