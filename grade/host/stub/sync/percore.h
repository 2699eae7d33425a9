/* percore.h - for tests on the host: cores that take turns. */
#pragma once

#include "abi/types.h"

struct aspace;

struct percore {
	uint32_t	coreid;
	uint32_t	apicid;
	uint32_t	locks;
	struct aspace	*aspace;
	uint64_t	tlb_seen;
};

/* The one whose turn it is. */
struct percore *percore(void);
struct percore *percore_of(uint32_t coreid);
uint32_t core_count(void);
