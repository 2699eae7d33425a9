/*
 * stage_user.h - between stage.c, which is kernel code, and stage_user.c, which
 * is the library's.
 */
#pragma once

#include "abi/types.h"

/* Vcore @vcoreid was interrupted in a uthread.  Count at *@ran if its own vcore
 * goes on with it, at *@stolen if another takes it. */
void stage_uthread_of(uint32_t vcoreid, uint32_t *ran, uint32_t *stolen);

/* What its context is does not matter.  Two that write it would need more room
 * than a store buffer has. */
void stage_ignore_context(void);

/* Go on in vcore context at its end: on the way to the uthread. */
void stage_resume_vcore_context(void);

/*
 * A scheduler that only counts: uthreads that were made ready, and of those the
 * ones that were taken, each by a vcore that does nothing more.  @nr_vcores are
 * made ready, one more would be allowed.  Vcore 0 runs @main before it looks.
 */
void stage_sched(uint32_t *ready, uint32_t *taken, uint32_t nr_vcores,
		 void (*main)(void));

/* Context: @main.  One more uthread is ready. */
void stage_make_ready(void);

void stage_forget_epochs(void);

/* stage.c: this thread does nothing more. */
void stage_park(void);

/* stage.c: the way out of vcore context; comes back if nobody interrupts it,
 * else the vcore begins at its entry. */
void stage_unmask(void);
