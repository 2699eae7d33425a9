/*
 * buffer.c - a bounded buffer between producers and consumers, for any POSIX
 * system: mutex, condition variables with and without a deadline, semaphore.
 *
 * usage: buffer [-p PRODUCERS] [-c CONSUMERS] [-n ITEMS] [-r ROOM]
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct buffer {
	pthread_mutex_t	lock;
	pthread_cond_t	not_full, not_empty;
	int		*items;
	int		room, head, count;
	int		closed;
};

static struct buffer buffer = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.not_full = PTHREAD_COND_INITIALIZER,
	.not_empty = PTHREAD_COND_INITIALIZER,
	.room = 8,
};
static int producers = 3, consumers = 2, items = 3000;
static unsigned char *seen;
static sem_t ended;

static void put(struct buffer *b, int item)
{
	pthread_mutex_lock(&b->lock);
	while (b->count == b->room)
		pthread_cond_wait(&b->not_full, &b->lock);
	b->items[(b->head + b->count++) % b->room] = item;
	pthread_cond_signal(&b->not_empty);
	pthread_mutex_unlock(&b->lock);
}

/* An item, or -1 when there will be none. */
static int take(struct buffer *b)
{
	int item = -1;

	pthread_mutex_lock(&b->lock);
	while (!b->count && !b->closed) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += 60;
		if (pthread_cond_timedwait(&b->not_empty, &b->lock, &until)) {
			fprintf(stderr, "buffer: nothing came for a minute\n");
			exit(EXIT_FAILURE);
		}
	}
	if (b->count) {
		item = b->items[b->head];
		b->head = (b->head + 1) % b->room;
		b->count--;
		pthread_cond_signal(&b->not_full);
	}
	pthread_mutex_unlock(&b->lock);
	return item;
}

static void *produce(void *arg)
{
	for (int i = (int)(long)arg; i < items; i += producers)
		put(&buffer, i);
	sem_post(&ended);
	pthread_exit(NULL);
}

static void *consume(void *arg)
{
	long sum = 0;
	int item;

	(void)arg;
	while ((item = take(&buffer)) >= 0) {
		seen[item]++;		/* one consumer has it */
		sum += item;
	}
	return (void *)sum;
}

/* Wait on a condition that nobody signals: it takes the time it says. */
static const char *wait_in_vain(void)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t never = PTHREAD_COND_INITIALIZER;
	struct timespec until;
	int err;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 20000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&lock);
	err = pthread_cond_timedwait(&never, &lock, &until);
	pthread_mutex_unlock(&lock);
	return err == ETIMEDOUT ? "timed out" : strerror(err);
}

static int options(int argc, char *argv[])
{
	int letter;

	while ((letter = getopt(argc, argv, "p:c:n:r:")) != -1) {
		int *which = letter == 'p' ? &producers :
			     letter == 'c' ? &consumers :
			     letter == 'n' ? &items :
			     letter == 'r' ? &buffer.room : NULL;

		if (!which)
			return 0;
		*which = (int)strtol(optarg, NULL, 0);
	}
	return 1;
}

int main(int argc, char *argv[])
{
	pthread_t *threads;
	pthread_attr_t detached;
	long total = 0;
	int once = 0;

	if (!options(argc, argv))
		return 2;
	threads = calloc((size_t)consumers, sizeof(*threads));
	buffer.items = calloc((size_t)buffer.room, sizeof(int));
	seen = calloc((size_t)items, 1);
	sem_init(&ended, 0, 0);
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	for (long i = 0; i < producers; i++) {
		pthread_t unused;

		pthread_create(&unused, &detached, produce, (void *)i);
	}
	pthread_attr_destroy(&detached);
	for (int i = 0; i < consumers; i++)
		pthread_create(&threads[i], NULL, consume, NULL);
	for (int i = 0; i < producers; i++)
		sem_wait(&ended);
	pthread_mutex_lock(&buffer.lock);
	buffer.closed = 1;
	pthread_cond_broadcast(&buffer.not_empty);
	pthread_mutex_unlock(&buffer.lock);
	for (int i = 0; i < consumers; i++) {
		void *sum;

		pthread_join(threads[i], &sum);
		total += (long)sum;
	}
	for (int i = 0; i < items; i++)
		once += seen[i] == 1;
	printf("%d of %d items came once, their sum is %ld\n", once, items,
	       total);
	printf("a wait for nothing: %s\n", wait_in_vain());
	return once == items ? 0 : 1;
}
