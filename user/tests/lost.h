/*
 * lost.h - a many-core process that loses one of its two vcores for good.
 *
 * It has two vcores and then wants one only, so that what is taken does not
 * come back by itself and others have to do its work.
 */
#pragma once

#include "test.h"

static inline uint32_t lost_taken(uint32_t vcoreid)
{
	return read_once(procinfo->vcoremap[vcoreid].preempts_done);
}

/* Have two vcores.  False: the machine is too small for that. */
static inline bool lost_have_two(void)
{
	uthread_set_max_vcores(2);
	return test_vcores(2);
}

/* Lose @vcoreid, and do not ask for it again.  When this returns it is off its
 * core and its context is saved. */
static inline bool lost_take(uint32_t vcoreid)
{
	uint32_t before = lost_taken(vcoreid);

	uthread_set_max_vcores(1);
	vcore_request_total(1);
	sys_preempt(procinfo->pid, vcoreid, 0);
	return WAIT(lost_taken(vcoreid) != before);
}

/* The one of the two that the caller is not on. */
static inline uint32_t lost_other(void)
{
	return !vcore_id();
}
