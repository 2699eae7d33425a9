/*
 * percore.h - the data of the core that we are on: takes the place of
 * kernel/sync/percore.h.  An explored thread is a core.
 */
#pragma once

#include "abi/types.h"

struct percore {
	uint32_t	coreid;
	uint32_t	apicid;
};

struct percore *percore(void);
uint32_t core_id(void);
uint32_t core_count(void);
