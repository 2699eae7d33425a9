/* clock.c - time, at the rate that the kernel measured at boot. */
#include "clock.h"

#include "vcore.h"

uint64_t clock_ns(void)
{
	uint64_t hz = procinfo->tsc_hz;
	uint64_t tsc = __builtin_ia32_rdtsc() - procinfo->tsc_start;

	/* Seconds first: the product of both would overflow within a minute. */
	return tsc / hz * NSEC_PER_SEC + tsc % hz * NSEC_PER_SEC / hz;
}
