/*
 * switch.c - into another process's address space for a while.
 */
#include "proc/switch.h"

#include "mm/aspace.h"
#include "proc/proc.h"

struct aspace *switch_to(struct proc *p)
{
	struct aspace *old = aspace_current();

	if (old != p->as)
		aspace_load(p->as);
	return old;
}

void switch_back(struct aspace *old)
{
	if (old)
		aspace_load(old);
	else
		aspace_unload();
}
