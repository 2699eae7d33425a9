/* clock.c - time, at the rate that the kernel measured at boot. */
#include "clock.h"

#include "abi/errno.h"
#include "time.h"
#include "vcore.h"

uint64_t clock_ns(void)
{
	uint64_t hz = procinfo->tsc_hz;
	uint64_t tsc = __builtin_ia32_rdtsc() - procinfo->tsc_start;

	/* Seconds first: the product of both would overflow within a minute. */
	return tsc / hz * NSEC_PER_SEC + tsc % hz * NSEC_PER_SEC / hz;
}

uint64_t clock_ns_in(uint64_t ns)
{
	uint64_t now = clock_ns();

	return ns < UINT64_MAX - now ? now + ns : UINT64_MAX;
}

int clock_from_timespec(const struct timespec *ts, uint64_t *ns)
{
	if (ts->tv_nsec < 0 || ts->tv_nsec >= (long)NSEC_PER_SEC)
		return -EINVAL;
	if (ts->tv_sec < 0)
		*ns = 0;
	else if ((uint64_t)ts->tv_sec >= UINT64_MAX / NSEC_PER_SEC)
		*ns = UINT64_MAX;
	else
		*ns = (uint64_t)ts->tv_sec * NSEC_PER_SEC +
		      (uint64_t)ts->tv_nsec;
	return 0;
}
