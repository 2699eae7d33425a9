/*
 * sum.c - prefix sums in parallel, for any POSIX system: barrier, once, keys
 * with destructors, read-write lock, recursive mutex.
 *
 * usage: sum [-t THREADS] [-n NUMBERS]
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int threads = 4;
static long numbers = 20000;
static uint64_t *values, *next;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t notes;
static pthread_mutex_t totals_lock;
static int prepared, serials, destroyed;
static uint64_t handled;

static pthread_rwlock_t rounds_lock = PTHREAD_RWLOCK_INITIALIZER;
static int rounds;

static void count_locked(uint64_t n)
{
	pthread_mutex_lock(&totals_lock);	/* once more */
	handled += n;
	pthread_mutex_unlock(&totals_lock);
}

/* A thread ends: add up what it noted. */
static void note_destroy(void *value)
{
	pthread_mutex_lock(&totals_lock);
	count_locked(*(uint64_t *)value);
	destroyed++;
	pthread_mutex_unlock(&totals_lock);
	free(value);
}

static void prepare(void)
{
	prepared++;
	if (pthread_key_create(&notes, note_destroy))
		exit(EXIT_FAILURE);
}

static uint64_t *note(void)
{
	if (!pthread_getspecific(notes))
		pthread_setspecific(notes, calloc(1, sizeof(uint64_t)));
	return pthread_getspecific(notes);
}

static int rounds_so_far(void)
{
	int n;

	pthread_rwlock_rdlock(&rounds_lock);
	n = rounds;
	pthread_rwlock_unlock(&rounds_lock);
	return n;
}

/* next[i] = values[i] + values[i - step], for our part of all i. */
static void add(long self, long step)
{
	for (long i = self; i < numbers; i += threads) {
		next[i] = values[i] + (i >= step ? values[i - step] : 0);
		++*note();
	}
}

static void *work(void *arg)
{
	int mine = 0;

	pthread_once(&once, prepare);
	for (long step = 1; step < numbers; step *= 2) {
		add((long)arg, step);
		if (pthread_barrier_wait(&barrier) ==
		    PTHREAD_BARRIER_SERIAL_THREAD) {
			uint64_t *old = values;

			values = next;
			next = old;
			pthread_rwlock_wrlock(&rounds_lock);
			rounds++;
			serials++;
			pthread_rwlock_unlock(&rounds_lock);
		}
		mine++;
		/* Nobody reads what is not yet exchanged. */
		pthread_barrier_wait(&barrier);
		if (rounds_so_far() < mine)
			exit(EXIT_FAILURE);
	}
	return NULL;
}

int main(int argc, char *argv[])
{
	pthread_mutexattr_t recursive;
	pthread_t *ids;
	int letter;

	while ((letter = getopt(argc, argv, "t:n:")) != -1) {
		if (letter == 't')
			threads = atoi(optarg);
		else if (letter == 'n')
			numbers = strtol(optarg, NULL, 0);
		else
			return 2;
	}
	pthread_mutexattr_init(&recursive);
	pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&totals_lock, &recursive);
	pthread_mutexattr_destroy(&recursive);
	pthread_barrier_init(&barrier, NULL, (unsigned int)threads);
	values = malloc((size_t)numbers * sizeof(*values));
	next = malloc((size_t)numbers * sizeof(*next));
	ids = calloc((size_t)threads, sizeof(*ids));
	for (long i = 0; i < numbers; i++)
		values[i] = (uint64_t)i;
	for (long i = 0; i < threads; i++)
		pthread_create(&ids[i], NULL, work, (void *)i);
	for (int i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	printf("sum of the first %ld numbers: %lu\n", numbers,
	       (unsigned long)values[numbers - 1]);
	printf("%d rounds, %d serial threads, prepared %d times\n", rounds,
	       serials, prepared);
	printf("%lu additions, noted by %d threads\n", (unsigned long)handled,
	       destroyed);
	return pthread_barrier_destroy(&barrier);
}
