/*
 * leak.h - is all that processes had of the kernel back?
 *
 * The kernel keeps some of what it once needed: stacks, a spare thread for each
 * core, the last page of small objects of a size.  Threads and objects are
 * counted without the spare ones; for pages there is an allowance, and first
 * the kernel is made to need more stacks than anything later will.  There is
 * one for objects, too: pages of the test's own queues come and go, and some
 * are regions of their own.  A process that stayed would be more than either.
 */
#pragma once

#include "test.h"
#include "unistd.h"

#define LEAK_CALLS	100	/* waiting at one time */
#define LEAK_PAGES	16	/* one for each size of objects */
#define LEAK_OBJECTS	3

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

/* The least in use for a while: what was dying has died. */
static inline struct kernel_info leak_before(void)
{
	struct kernel_info least = { .objects = UINT64_MAX };

	for (int i = 0; i < 50; i++) {
		struct kernel_info now;

		usleep(5000);	/* the first sleep takes a page of our own */
		now = leak_look();
		if (now.objects < least.objects)
			least = now;
	}
	return least;
}

/* Is no more in use than @before?  What dies is not gone at once, so wait. */
static inline bool leak_none(const struct kernel_info *before)
{
	struct kernel_info now;
	bool ok;

	(void)WAIT((now = leak_look(),
		    now.procs <= before->procs &&
		    now.kthreads <= before->kthreads &&
		    now.objects <= before->objects + LEAK_OBJECTS &&
		    now.pages_free + LEAK_PAGES >= before->pages_free) ||
		   usleep(1000));
	/* All four are said, whichever fails. */
	ok = CHECK(now.procs <= before->procs, "no-process-left");
	ok &= CHECK(now.kthreads <= before->kthreads, "no-thread-left");
	ok &= CHECK(now.objects <= before->objects + LEAK_OBJECTS,
		    "no-object-left");
	ok &= CHECK(now.pages_free + LEAK_PAGES >= before->pages_free,
		    "no-page-left");
	return ok;
}
