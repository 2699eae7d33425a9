/*
 * core.c - the table of cores.
 */
#include "core/core.h"

#include "core/kthread.h"
#include "lib/panic.h"
#include "mm/page.h"

static struct core *cores[MAX_CORES];
static uint32_t nr_cores;

/* Contract in sync/percore.h. */
struct percore *core_alloc(uint32_t coreid, uint32_t apicid)
{
	struct core *core;

	assert(coreid == nr_cores && coreid < MAX_CORES);
	_Static_assert(sizeof(*core) <= PAGE_SIZE, "a core fits a page");
	core = page_alloc_zeroed(0);
	if (!core)
		return NULL;
	core->pc.self = &core->pc;
	core->pc.coreid = coreid;
	core->pc.apicid = apicid;
	core->ctx = &core->room;
	core->kthread = kthread_alloc();
	if (!core->kthread)
		return NULL;
	core->pc.kstack_top = core->kthread->stack_top;
	cores[coreid] = core;
	nr_cores++;
	return &core->pc;
}

struct core *core_of(uint32_t coreid)
{
	return cores[coreid];
}

struct percore *percore_of(uint32_t coreid)
{
	return &cores[coreid]->pc;
}

uint32_t core_count(void)
{
	return nr_cores;
}
