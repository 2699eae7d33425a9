/*
 * spin.c - a process that makes no system call, so that only an interrupt can
 * end it; for trying ^C, kill and time slices.
 */
#include "clock.h"
#include "getopt.h"
#include "signal.h"
#include "stdio.h"
#include "stdlib.h"
#include "string.h"
#include "uthread.h"
#include "vcore.h"

#include <limits.h>

static uint64_t deadline = UINT64_MAX;

static void *spin(void *arg)
{
	while (clock_ns() < deadline)
		;
	return NULL;
}

/* Become a many-core process with something to do on each of @n vcores. */
static int spin_on_vcores(uint32_t n)
{
	int err = vcore_request_total(n);

	if (err) {
		dprintf(2, "spin: %u vcores: %s, at most %u\n", n,
			strerror(-err), max_vcores());
		return 1;
	}
	for (uint32_t i = 1; i < n; i++) {
		if (!uthread_create(spin, NULL)) {
			perror("spin");
			return 1;
		}
	}
	printf("spinning on as many as come of %u vcores\n", n);
	spin(NULL);
	return 0;
}

static int usage(void)
{
	dprintf(2, "usage: spin [-i] [-m VCORES] [SECONDS]\n");
	return 2;
}

/* All but SIGKILL, which is nobody's to ignore. */
static void ignore_signals(void)
{
	for (int signo = 1; signo < NSIG; signo++)
		signal(signo, SIG_IGN);
}

int main(int argc, char *argv[])
{
	long vcores = 0, seconds;
	bool known = true;
	int letter;

	while ((letter = getopt(argc, argv, "im:")) != -1) {
		if (letter == 'i')
			ignore_signals();
		else if (letter == 'm')
			known = word_to_number(optarg, 1, UINT32_MAX, &vcores);
		else
			known = false;
		if (!known)
			return usage();
	}
	if (argc - optind > 1)
		return usage();
	if (argc - optind == 1) {
		if (!word_to_number(argv[optind], 0, INT_MAX, &seconds))
			return usage();
		deadline = clock_ns() + (uint64_t)seconds * NSEC_PER_SEC;
	}
	if (vcores)
		return spin_on_vcores((uint32_t)vcores);
	printf("spinning on one core\n");
	spin(NULL);
	return 0;
}
