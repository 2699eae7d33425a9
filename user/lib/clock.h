/* clock.h - time that only goes up, from the TSC. */
#pragma once

#include <stdint.h>

#define NSEC_PER_USEC	1000UL
#define NSEC_PER_MSEC	1000000UL
#define NSEC_PER_SEC	1000000000UL

/* Nanoseconds on the kernel's clock, as SYS_alarm_set wants them.
 * Context: any. */
uint64_t clock_ns(void);
