/*
 * progress.h - uthreads that count, and cores that are taken from under them.
 */
#pragma once

#include "test.h"

#define PROGRESS_UTHREADS	8

static uint64_t progress[PROGRESS_UTHREADS];
static struct uthread *progress_uth[PROGRESS_UTHREADS];
static uint32_t progress_over;

static inline void *progress_count(void *arg)
{
	uint64_t *mine = arg;

	while (!read_once(progress_over)) {
		write_once(*mine, *mine + 1);
		if (*mine % 1000 == 0)
			uthread_yield();
	}
	return NULL;
}

static inline void progress_begin(void)
{
	for (int i = 0; i < PROGRESS_UTHREADS; i++)
		progress_uth[i] = uthread_create(progress_count, &progress[i]);
}

static inline void progress_end(void)
{
	write_once(progress_over, 1);
	for (int i = 0; i < PROGRESS_UTHREADS; i++)
		uthread_join(progress_uth[i], NULL);
}

/* Has every counter moved since @since? */
static inline bool progress_all_moved(const uint64_t *since)
{
	for (int i = 0; i < PROGRESS_UTHREADS; i++)
		if (read_once(progress[i]) == since[i])
			return false;
	return true;
}

/* Take one of @vcores, or all, and see everybody go on afterwards. */
static inline bool progress_take_and_see(uint32_t vcores)
{
	uint32_t vcoreid = test_random(vcores + 1);
	struct test_patience patience = test_patience(3 * TEST_PATIENCE);
	uint64_t since[PROGRESS_UTHREADS];

	memcpy(since, progress, sizeof(since));
	sys_preempt(procinfo->pid, vcoreid < vcores ? vcoreid : -1U, 0);
	while (!progress_all_moved(since) && !test_lost_patience(&patience))
		uthread_yield();
	return progress_all_moved(since);
}
