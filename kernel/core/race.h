/*
 * race.h - race_point(NAME): nothing, or with RACE=1 a place to lose at.
 *
 * abi/race.h has the names.  This is the one header that differs between the
 * two builds, so that no source file has to.
 */
#pragma once

#include "abi/race.h"

struct proc;

#ifdef EV6_RACE

#define race_point(name)	race_pass(RACE_##name)

/* This core comes by @point: it may be held, or paused.  Context: any. */
void race_pass(enum race_point point);

/* ev6.noise=SEED on the command line: pause at points, at random. */
void race_init(void);

/* (RACE_OP_*, ...) */
int64_t sys_race(struct proc *p, const uint64_t *args);

#else

#define race_point(name)	((void)0)
#define race_init()		((void)0)
#define sys_race		NULL

#endif
