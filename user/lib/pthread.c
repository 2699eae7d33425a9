/*
 * pthread.c - POSIX threads over uthreads: threads, once, and what is theirs.
 *
 * psync.c has what threads wait for.
 */
#include "pthread.h"

#include "abi/errno.h"
#include "atomic.h"
#include "stdlib.h"
#include "unistd.h"
#include "vcore.h"

#define ONCE_RUNNING	1U
#define ONCE_DONE	2U

/* On Linux a thread may count on more than most uthreads need; memory comes
 * with use. */
#define DEFAULT_STACK	(256 * 1024UL)

static pthread_key_t nr_keys;		/* ever created; atomic */
static void (*destructors[PTHREAD_KEYS_MAX])(void *);
static __thread void *specific[PTHREAD_KEYS_MAX];

/* What a new thread needs, on its creator's heap until it has begun. */
struct start {
	void		*(*fn)(void *);
	void		*arg;
};

/* Call the destructors of what the ending thread leaves.  True: there were
 * any, and they may have left something in turn. */
static bool destroy_round(void)
{
	bool any = false;

	for (pthread_key_t k = 0; k < PTHREAD_KEYS_MAX; k++) {
		void (*destructor)(void *) = read_once(destructors[k]);
		void *value = specific[k];

		specific[k] = NULL;
		if (!value || !destructor)
			continue;
		destructor(value);
		any = true;
	}
	return any;
}

static void destroy_specific(void)
{
	int rounds = 0;

	while (rounds++ < PTHREAD_DESTRUCTOR_ITERATIONS && destroy_round())
		;
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
	uth = uthread_create_sized(thread_start, start,
				   attr ? attr->stack_size : DEFAULT_STACK);
	if (!uth) {
		free(start);
		return EAGAIN;
	}
	*thread = uth;
	if (attr && attr->detached)
		(void)uthread_detach(uth);
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
	return -uthread_detach(thread);
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

/* --- Attributes ----------------------------------------------------------- */

int pthread_attr_init(pthread_attr_t *attr)
{
	*attr = (pthread_attr_t){
		.detached = PTHREAD_CREATE_JOINABLE,
		.stack_size = DEFAULT_STACK,
	};
	return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr)
{
	return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int state)
{
	if (state != PTHREAD_CREATE_JOINABLE &&
	    state != PTHREAD_CREATE_DETACHED)
		return EINVAL;
	attr->detached = state;
	return 0;
}

int pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state)
{
	*state = attr->detached;
	return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size)
{
	if (size < PTHREAD_STACK_MIN)
		return EINVAL;
	attr->stack_size = size;
	return 0;
}

int pthread_attr_getstacksize(const pthread_attr_t *attr, size_t *size)
{
	*size = attr->stack_size;
	return 0;
}

/* --- Once, and values of each thread -------------------------------------- */

static bool once_done(pthread_once_t *once)
{
	/* The word before what @init did.  Pairs with store_release() in
	 * user/lib/pthread.c:pthread_once() [once]. */
	return load_acquire(once) == ONCE_DONE;
}

int pthread_once(pthread_once_t *once, void (*init)(void))
{
	if (once_done(once))
		return 0;
	if (atomic_cas32(once, PTHREAD_ONCE_INIT, ONCE_RUNNING)) {
		init();
		/* What @init did before the word.  Pairs with load_acquire()
		 * in user/lib/pthread.c:once_done() [once]. */
		store_release(once, ONCE_DONE);
	}
	/* Not a yield: whoever is inside may have a lower priority. */
	while (!once_done(once))
		usleep(100);
	return 0;
}

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	pthread_key_t k = atomic_fetch_add32(&nr_keys, 1);

	if (k >= PTHREAD_KEYS_MAX) {
		atomic_fetch_add32(&nr_keys, -1U);
		return EAGAIN;
	}
	write_once(destructors[k], destructor);
	*key = k;
	return 0;
}

int pthread_key_delete(pthread_key_t key)
{
	if (key >= read_once(nr_keys))
		return EINVAL;
	write_once(destructors[key], NULL);
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
