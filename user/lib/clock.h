/* clock.h - time that only goes up, from the TSC. */
#pragma once

#include <stdint.h>

#define NSEC_PER_USEC	1000UL
#define NSEC_PER_MSEC	1000000UL
#define NSEC_PER_SEC	1000000000UL

/* Nanoseconds on the kernel's clock, as SYS_alarm_set wants them.
 * Context: any. */
uint64_t clock_ns(void);

/* What it shows @ns from now; UINT64_MAX if that is past its end.
 * Context: any. */
uint64_t clock_ns_in(uint64_t ns);

/* *@ts in nanoseconds, the past as 0 and what is too far off as UINT64_MAX: 0,
 * or -EINVAL if it is no time.  Context: any. */
struct timespec;
int clock_from_timespec(const struct timespec *ts, uint64_t *ns);
