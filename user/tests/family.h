/*
 * family.h - a test and its child, which tell each other numbers by events.
 *
 * EV_TEST goes to the child, by whatever ev_q the child registers; EV_TEST2
 * comes back to the test, a single-core process, with a number that grows.
 */
#pragma once

#include "test.h"
#include "unistd.h"

static uint64_t family_heard;	/* test: the largest number from the child */

static inline void family_on_answer(struct event_msg *msg,
				    unsigned int ev_type, void *data)
{
	if (msg->ev_arg4 > family_heard)
		write_once(family_heard, msg->ev_arg4);
}

/* The test, before it starts the child. */
static inline void family_listen(void)
{
	register_ev_handler(EV_TEST2, family_on_answer, NULL);
	enable_kevent(EV_TEST2, 0, EVENT_IPI | EVENT_WAKEUP);
}

/* The child: tell the test.  Context: any. */
static inline void family_answer(uint64_t number)
{
	struct event_msg msg = { .ev_type = EV_TEST2, .ev_arg4 = number };

	if (sys_notify(getppid(), EV_TEST2, &msg))
		exit(2);
}

/* The test: send an EV_TEST to @pid. */
static inline void family_send(int pid, uint64_t number)
{
	struct event_msg msg = { .ev_type = EV_TEST, .ev_arg4 = number };

	sys_notify(pid, EV_TEST, &msg);
}

/* Has the child said @number or more by now, or soon? */
static inline bool family_told(uint64_t number)
{
	return WAIT(read_once(family_heard) >= number);
}

/* What the kernel says of process @pid; false if there is none. */
static inline bool family_look(int pid, struct proc_info *info)
{
	static struct proc_info all[64];
	int n = sys_proc_info(all, 64);

	for (int i = 0; i < n; i++) {
		if (all[i].pid != (uint32_t)pid)
			continue;
		*info = all[i];
		return true;
	}
	return false;
}

static inline uint32_t family_state(int pid)
{
	struct proc_info info;

	return family_look(pid, &info) ? info.state : (uint32_t)PROC_DYING;
}

/* Print where the child is, and who has which core. */
static inline void family_show(int pid)
{
	static struct core_info cores[MAX_VCORES];
	struct proc_info info = { 0 };
	int n = sys_core_info(cores, MAX_VCORES);

	family_look(pid, &info);
	printf("process %d: state %u, %u of %u cores, %lu posted; cores of:",
	       pid, info.state, info.num_vcores, info.cores_wanted,
	       info.posted);
	for (int i = 0; i < n; i++)
		printf(" %u", cores[i].pid);
	printf("\n");
}

/* Does the child get into @state? */
static inline bool family_reaches(int pid, uint32_t state)
{
	return wait_until(family_state(pid) == state || usleep(1000),
			  TEST_PATIENCE);
}

static inline void family_stay_parked(struct uthread *uth, void *arg)
{
}

/* The child: nothing but handlers from here on. */
static inline void family_park(void)
{
	uthread_block(family_stay_parked, NULL);
}

/* How many vcores a process can have at one time. */
static inline uint32_t family_cores(void)
{
	return procinfo->nr_cores > 1 ? procinfo->nr_cores - 1 : 1;
}

/* Messages taken, by all vcores of this process. */
static inline uint64_t family_handled(void)
{
	uint64_t sum = 0;

	for (uint32_t v = 0; v < max_vcores(); v++)
		sum += read_once(vcpd_of(v)->nr_handled);
	return sum;
}
