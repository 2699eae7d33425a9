/*
 * notify.h - make a vcore look at its mailboxes.
 */
#pragma once

#include "abi/types.h"

struct core;
struct kmsg;
struct proc;

/*
 * Set vcore @vcoreid's notif_pending and, if it is on a core and not masked,
 * send that core to look.  Otherwise it will look by itself: when it unmasks,
 * when it starts, or instead of yielding.
 *
 * Context: any but interrupts; any locks; the id is below max_vcores.
 */
void proc_notify(struct proc *p, uint32_t vcoreid);

/* The look message: enter vcore context if this core's vcore has something
 * pending and is not masked.  A stray one does nothing. */
void notify_look(struct kmsg *msg);

/* A vcore continues an interrupted context on this core: it may have been
 * notified while it was on none.  Context: as upcall.h. */
void notify_restarted(void);
