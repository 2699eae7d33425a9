/*
 * poke.h - have a function run after now, by one at a time.
 *
 * For work that anybody may find necessary and that does all there is to do,
 * such as telling the kernel how many cores are wanted: if somebody is in it,
 * it is he who runs it once more, and the others need not wait.
 */
#pragma once

#include "abi/types.h"

struct poke {
	void		(*fn)(void *arg);	/* fixed */
	uint32_t	wanted;			/* atomic [poke] */
	uint32_t	busy;			/* atomic */
};

#define POKE_INIT(function)	{ .fn = (function) }

/*
 * Have p->fn(@arg) begin after this call did.  It may be another caller who
 * runs it, with his own @arg, and perhaps not yet when this returns; ten pokes
 * may be one run.  Two runs are never under way at once.
 *
 * Context: any that @fn bears.  A uthread that is in it may be interrupted, and
 * then the work waits for it; mask notifications around the call if that must
 * not be.
 */
void poke(struct poke *p, void *arg);
