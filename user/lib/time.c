/* time.c - time in POSIX's units. */
#include "time.h"

#include "clock.h"
#include "errno.h"
#include "usync.h"

int clock_gettime(clockid_t clock, struct timespec *now)
{
	uint64_t ns = clock_ns();

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) {
		errno = EINVAL;
		return -1;
	}
	now->tv_sec = (time_t)(ns / NSEC_PER_SEC);
	now->tv_nsec = (long)(ns % NSEC_PER_SEC);
	return 0;
}

time_t time(time_t *now)
{
	time_t seconds = (time_t)(clock_ns() / NSEC_PER_SEC);

	if (now)
		*now = seconds;
	return seconds;
}

int nanosleep(const struct timespec *request, struct timespec *left)
{
	uint64_t ns;

	if (request->tv_sec < 0 || clock_from_timespec(request, &ns)) {
		errno = EINVAL;
		return -1;
	}
	uthread_sleep_ns(ns);
	return 0;
}
