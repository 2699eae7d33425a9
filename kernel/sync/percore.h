/*
 * percore.h - the data of the core that we are running on.
 *
 * In the kernel the GS base points to it, so one load finds it and no table
 * is consulted.  What it says is only true while we stay on this core: with
 * interrupts on, a kernel thread may be elsewhere by the next line.
 */
#pragma once

#define PERCORE_SELF	0
#define PERCORE_COREID	8
#define PERCORE_APICID	12
#define PERCORE_KSTACK	16
#define PERCORE_SCRATCH	24

#ifndef __ASSEMBLER__

#include "abi/types.h"

struct aspace;
struct segments;

/* The first member of struct core.  Assembly knows the first five. */
struct percore {
	/* Fixed before the core starts. */
	struct percore	*self;
	uint32_t	coreid;		/* ours, dense from 0 */
	uint32_t	apicid;		/* the hardware's */
	uint64_t	kstack_top;	/* stack of traps from user mode */

	/* Only this core: */
	uint64_t	user_rsp_scratch; /* system call entry */
	uint32_t	locks;		/* held: 1 << rank of each */
	struct segments	*segments;	/* its GDT, TSS, IST stacks */

	/* Written by this core, read by all: */
	uint32_t	online;		/* 1: takes IPIs [core-online] */
	struct aspace	*aspace;	/* loaded; or NULL [tlb-load] */
	uint64_t	tlb_seen;	/* older is forgotten [tlb-gen] */
};

_Static_assert(offsetof(struct percore, self) == PERCORE_SELF, "self");
_Static_assert(offsetof(struct percore, coreid) == PERCORE_COREID, "coreid");
_Static_assert(offsetof(struct percore, apicid) == PERCORE_APICID, "apicid");
_Static_assert(offsetof(struct percore, kstack_top) == PERCORE_KSTACK,
	       "kstack_top");
_Static_assert(offsetof(struct percore, user_rsp_scratch) == PERCORE_SCRATCH,
	       "user_rsp_scratch");

/*
 * Make the percore of a new core, with the stack at kstack_top ready to run
 * on.  NULL when memory is out.
 *
 * Defined in core/core.c.  Context: core 0 while it starts the machine.
 */
struct percore *core_alloc(uint32_t coreid, uint32_t apicid);

/* How many there are, and that of core @coreid.  Defined in core/core.c. */
uint32_t core_count(void);
struct percore *percore_of(uint32_t coreid);

/* This core's data. */
static inline struct percore *percore(void)
{
	struct percore *pc;

	__asm__ volatile("movq %%gs:%c1, %0" : "=r"(pc) : "i"(PERCORE_SELF));
	return pc;
}

/* This core's number: dense, from 0. */
static inline uint32_t core_id(void)
{
	uint32_t coreid;

	__asm__ volatile("movl %%gs:%c1, %0"
			 : "=r"(coreid) : "i"(PERCORE_COREID));
	return coreid;
}

#endif
