/*
 * leak.h - is all that processes had of the kernel back?
 *
 * The kernel keeps some of what it once needed: stacks, a spare thread for each
 * core, the last page of small objects of a size.  Threads and objects are
 * counted without the spare ones; for pages there is an allowance, and first
 * the kernel is made to need more stacks than anything later will.
 */
#pragma once

#include "test.h"
#include "unistd.h"

#define LEAK_CALLS	100	/* waiting at one time */
#define LEAK_PAGES	16	/* one for each size of objects */

/* Context: the test, before it looks for the first time. */
static inline void leak_prepare(void)
{
	static struct syscall calls[LEAK_CALLS];

	for (int i = 0; i < LEAK_CALLS; i++) {
		calls[i] = (struct syscall){
			.num = SYS_block,
			.arg = { 20000 },
		};
		syscall_submit(&calls[i]);
	}
	for (int i = 0; i < LEAK_CALLS; i++)
		syscall_wait(&calls[i]);
}

static inline struct kernel_info leak_look(void)
{
	struct kernel_info now = { 0 };

	sys_kernel_info(&now);
	now.kthreads -= now.spares;
	now.objects -= now.spares;
	return now;
}

/* Is as much in use as @before?  What dies is not gone at once, so wait. */
static inline bool leak_none(const struct kernel_info *before)
{
	struct kernel_info now;
	bool none = WAIT((now = leak_look(),
			  now.procs == before->procs &&
			  now.kthreads == before->kthreads &&
			  now.objects == before->objects &&
			  now.pages_free + LEAK_PAGES >= before->pages_free) ||
			 usleep(1000));

	CHECK_EQ(now.procs, before->procs, "processes");
	CHECK_EQ(now.kthreads, before->kthreads, "kernel-threads");
	CHECK_EQ(now.objects, before->objects, "objects-of-the-kernel");
	CHECK_EQ(none ? before->pages_free : now.pages_free,
		 before->pages_free, "pages-free");
	return none;
}
