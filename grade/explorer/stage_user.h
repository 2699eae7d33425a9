/*
 * stage_user.h - between stage.c, which is kernel code, and stage_user.c, which
 * is the library's.
 */
#pragma once

#include "abi/types.h"

/* Vcore @vcoreid was interrupted in a uthread.  Count at *@ran if its own vcore
 * goes on with it, at *@stolen if another takes it. */
void stage_uthread_of(uint32_t vcoreid, uint32_t *ran, uint32_t *stolen);

/* Go on in vcore context at its end: on the way to the uthread. */
void stage_resume_vcore_context(void);

void stage_forget_epochs(void);

/* stage.c: this thread does nothing more. */
void stage_park(void);

/* stage.c: the way out of vcore context; comes back if nobody interrupts it,
 * else the vcore begins at its entry. */
void stage_unmask(void);
