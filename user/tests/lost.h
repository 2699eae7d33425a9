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

/*
 * Lose @vcoreid and see that somebody is told.  When this returns the message
 * is whole.  A reader who is too early for that waits with vcore_relax(), and
 * may lend his core to the very vcore that he has taken.
 */
static inline bool lost_take_told(uint32_t vcoreid)
{
	uint64_t posted = read_once(procinfo->posted);

	return lost_take(vcoreid) && WAIT(read_once(procinfo->posted) > posted);
}

/* The one of the two that the caller is not on. */
static inline uint32_t lost_other(void)
{
	return !vcore_id();
}
