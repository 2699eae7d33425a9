/*
 * time.h - time in POSIX's units, on clock_ns().
 *
 * Nobody tells the kernel the time of day: both clocks, and time(), count from
 * when it booted.
 */
#pragma once

#include <stddef.h>

typedef long time_t;
typedef int clockid_t;

struct timespec {
	time_t	tv_sec;
	long	tv_nsec;	/* 0 to 999,999,999 */
};

#define CLOCK_REALTIME	0
#define CLOCK_MONOTONIC	1

/* 0, or -1 with EINVAL for another clock.  Context: any. */
int clock_gettime(clockid_t clock, struct timespec *now);

/* Seconds; to *@now too, unless that is null.  Context: any. */
time_t time(time_t *now);

/*
 * Block the calling uthread for @request.  0, or -1 with EINVAL; nothing ends
 * it early, so *@left (may be null) is not written.  Context: uthread.
 */
int nanosleep(const struct timespec *request, struct timespec *left);
