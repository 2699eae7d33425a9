/*
 * notifier.h - vcores that notify vcore 0, quietly and without pause, so that
 * what is under test is interrupted at any place, and often.
 */
#pragma once

#include "test.h"

static uint32_t notifier_stop;

/* Main of a uthread: notify until notifiers_end(). */
static inline void *notifier(void *arg)
{
	while (!read_once(notifier_stop))
		sys_self_notify(0, EV_NONE, NULL, true);
	return NULL;
}

/* Let @n uthreads notify; their handles go to @uths. */
static inline void notifiers_begin(struct uthread **uths, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		uths[i] = uthread_create(notifier, NULL);
}

static inline void notifiers_end(struct uthread **uths, uint32_t n)
{
	write_once(notifier_stop, 1);
	for (uint32_t i = 0; i < n; i++)
		uthread_join(uths[i], NULL);
}

/* How often vcore 0 was entered: once for each notification that it took. */
static inline uint64_t notifier_entries(void)
{
	return read_once(vcpd_of(0)->nr_entries);
}
