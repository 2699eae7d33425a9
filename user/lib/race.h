/*
 * race.h - race_point(NAME) in the library, and scripts for tests.
 *
 * Without RACE=1 a point is nothing, and a script changes nothing.
 * abi/race.h has the names.
 */
#pragma once

#include "abi/race.h"

#ifdef EV6_RACE
#define race_point(name)	race_pass(RACE_##name)
#else
#define race_point(name)	((void)0)
#endif

/* This vcore comes by @point: it may be held, or paused.  Context: any. */
void race_pass(enum race_point point);

/*
 * Have the kernel follow @script from now on, for this process, once:
 *
 *	v0@SPAM_CHOSEN waits v1@YIELD_LEFT; c0@SLEEP_ENTER waits *@WAKE_LOOKED
 *
 * vN is our vcore N, cN core N, * anybody.  An order that does not come about
 * in ten seconds is given up.
 *
 * 0; -ENOSYS in a machine without race points; -EINVAL and a line on the
 * console for a script that cannot be read.
 */
int race_script(const char *script);

/* End it.  A mask of the rules that were kept, in order: bit 0 is the first. */
uint32_t race_end(void);

/* The name of @point; "?" if it has none. */
const char *race_name(enum race_point point);
