/*
 * philosophers.c - dining philosophers, for any POSIX system.
 *
 * Each takes the fork with the lower number first, so nobody waits in a circle.
 * usage: philosophers [-n PHILOSOPHERS] [-m MEALS]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct philosopher {
	pthread_t	thread;
	int		number;
	pthread_mutex_t	*first, *second;	/* forks */
	int		meals;
};

static pthread_mutex_t *forks;
static int nr = 5, meals = 200;

/* Nobody begins before all sit. */
static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_sit = PTHREAD_COND_INITIALIZER;
static int sitting;

static void sit_down(void)
{
	pthread_mutex_lock(&table);
	sitting++;
	if (sitting == nr)
		pthread_cond_broadcast(&all_sit);
	while (sitting < nr)
		pthread_cond_wait(&all_sit, &table);
	pthread_mutex_unlock(&table);
}

static void *dine(void *arg)
{
	struct philosopher *p = arg;

	sit_down();
	for (int i = 0; i < meals; i++) {
		pthread_mutex_lock(p->first);
		pthread_mutex_lock(p->second);
		p->meals++;
		if (i % 16 == 0)
			sched_yield();
		pthread_mutex_unlock(p->second);
		pthread_mutex_unlock(p->first);
	}
	return p;
}

static void die(const char *what)
{
	fprintf(stderr, "philosophers: cannot %s\n", what);
	exit(EXIT_FAILURE);
}

int main(int argc, char *argv[])
{
	struct philosopher *all;
	int letter, total = 0;

	while ((letter = getopt(argc, argv, "n:m:")) != -1) {
		if (letter == 'n')
			nr = atoi(optarg);
		else if (letter == 'm')
			meals = atoi(optarg);
		else
			return 2;
	}
	all = calloc((size_t)nr, sizeof(*all));
	forks = calloc((size_t)nr, sizeof(*forks));
	if (!all || !forks)
		die("allocate");
	for (int i = 0; i < nr; i++)
		pthread_mutex_init(&forks[i], NULL);
	for (int i = 0; i < nr; i++) {
		int right = (i + 1) % nr;

		all[i].number = i;
		all[i].first = &forks[i < right ? i : right];
		all[i].second = &forks[i < right ? right : i];
		if (pthread_create(&all[i].thread, NULL, dine, &all[i]))
			die("create a thread");
	}
	for (int i = 0; i < nr; i++) {
		void *who;

		pthread_join(all[i].thread, &who);
		printf("philosopher %d ate %d times\n",
		       ((struct philosopher *)who)->number, all[i].meals);
		total += all[i].meals;
	}
	for (int i = 0; i < nr; i++) {
		if (pthread_mutex_destroy(&forks[i]))
			die("lay a fork down");
	}
	printf("%d meals\n", total);
	return total == nr * meals ? 0 : 1;
}
