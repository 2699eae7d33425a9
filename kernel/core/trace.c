/*
 * trace.c - what happened on each core, in the order in which it did.
 *
 * A ring is written by its own core only, with interrupts off for the few
 * instructions that it takes; old records make room for new ones.
 */
#include "core/trace.h"

#include "abi/errno.h"
#include "arch/x86/irq.h"
#include "arch/x86/timer.h"
#include "core/core.h"
#include "dev/record.h"
#include "mm/page.h"

struct trace_record {
	uint64_t	ns;
	uint32_t	pid;
	uint32_t	arg;
	uint32_t	hop;		/* enum trace_hop */
	uint32_t	full;		/* 0: nothing here */
};

#define TRACE_ORDER	3
#define TRACE_RECORDS	((PAGE_SIZE << TRACE_ORDER) / \
			 sizeof(struct trace_record))

struct trace_ring {
	struct trace_record *records;
	uint64_t	next;		/* only grows */
};

static const char *const hop_names[TRACE_NR] = {
	"send", "post", "indir", "spam", "notify", "look", "upcall", "start",
	"yield", "sleep", "wakeup", "preempt", "race",
};

bool trace_on;
static struct trace_ring rings[MAX_CORES];	/* each its core's */

void trace_add(enum trace_hop hop, uint32_t pid, uint32_t arg)
{
	struct trace_ring *ring = &rings[core_id()];
	uint64_t flags = irq_save();

	if (ring->records)
		ring->records[ring->next++ % TRACE_RECORDS] =
			(struct trace_record){
				.ns = time_ns(), .pid = pid, .arg = arg,
				.hop = hop, .full = 1,
			};
	irq_restore(flags);
}

int trace_start(void)
{
	for (uint32_t c = 0; c < core_count(); c++) {
		if (!rings[c].records)
			rings[c].records = page_alloc_zeroed(TRACE_ORDER);
		if (!rings[c].records)
			return -ENOMEM;
	}
	trace_on = true;
	return 0;
}

static void trace_dump_core(uint32_t coreid)
{
	struct trace_ring *ring = &rings[coreid];

	for (uint64_t i = 0; i < TRACE_RECORDS; i++) {
		struct trace_record *r =
			&ring->records[(ring->next + i) % TRACE_RECORDS];

		if (!r->full)
			continue;
		record("trace", "ns=%lu core=%u hop=%s pid=%u arg=%u", r->ns,
		       coreid, hop_names[r->hop], r->pid, r->arg);
		r->full = 0;
	}
}

void trace_dump(void)
{
	bool was_on = trace_on;

	trace_on = false;	/* a peek: a late record is dumped or not */
	for (uint32_t c = 0; c < core_count(); c++)
		if (rings[c].records)
			trace_dump_core(c);
	trace_on = was_on;
}
