/*
 * life.h - a random life: what a process can be in the middle of when it ends.
 *
 * Single-core or many-core; with alarms, taps, pipes, a signal handler, calls
 * that wait, memory, uthreads and children of its own; it returns, exits,
 * faults or is ended by a signal.  Each process throws its own dice.
 */
#pragma once

#include "alarm.h"
#include "signal.h"
#include "test.h"
#include "unistd.h"

static unsigned int life_dice;

static inline uint32_t life_roll(uint32_t below)
{
	if (!life_dice)
		life_dice = (unsigned int)(test_seed() +
					   (uint32_t)getpid() * 7919) | 1;
	return (uint32_t)rand_r(&life_dice) % below;
}

static inline void life_on_alarm(struct alarm *alarm, void *data)
{
}

static inline void life_on_signal(int signo)
{
}

static inline void life_alarms(void)
{
	static struct alarm alarms[4];

	for (int i = 0; i < 4; i++) {
		alarm_init(&alarms[i], life_on_alarm, NULL);
		alarm_set_every(&alarms[i], 0, 150000 + life_roll(1000000));
	}
}

static inline void life_taps(void)
{
	struct event_queue *ev_q = get_eventq_vcpd(0, EVENT_IPI);
	int fds[2];

	if (pipe(fds))
		return;
	sys_tap(fds[0], TAP_READABLE, ev_q, EV_TEST, NULL);
	sys_tap(fds[1], TAP_WRITABLE, ev_q, EV_TEST, NULL);
	write(fds[1], "tap", life_roll(3));
}

/* A call that waits, and perhaps ends with us. */
static inline void life_wait(struct syscall *sc)
{
	static char buf[16];
	int fds[2];

	*sc = (struct syscall){
		.num = SYS_block,
		.arg = { life_roll(5000) },
	};
	if (life_roll(2) && !pipe(fds))
		*sc = (struct syscall){
			.num = SYS_read,
			.arg = { (uint64_t)fds[0], (uint64_t)buf, 16 },
		};
	syscall_submit(sc);
}

static inline void *life_worker(void *arg)
{
	for (int i = 0; i < 20; i++) {
		usleep((uint64_t)arg + (uint64_t)i * 10);
		uthread_yield();
	}
	return NULL;
}

/* A child of the child, which may outlive it, or never run. */
static inline void life_child(void)
{
	const char args[] = "true";
	int pid = sys_proc_create("bin/true", args, sizeof(args), 1);

	if (pid > 0 && life_roll(2))
		sys_proc_run(pid);
}

static inline void life_end(void)
{
	switch (life_roll(16)) {
	case 0:
		raise(SIGTERM);
		break;
	case 1:
		exit((int)life_roll(100));
	case 2:
		disable_notifs();
		exit(1);
	}
}

static inline void life(void)
{
	struct syscall waits[2];

	if (life_roll(2))
		life_alarms();
	if (life_roll(2))
		life_taps();
	if (life_roll(2))
		signal(SIGUSR1, life_on_signal);
	if (life_roll(3) == 0)
		vcore_request_total(1 + life_roll(3));
	life_wait(&waits[0]);
	if (life_roll(4) == 0)
		life_child();
	if (life_roll(4) == 0)
		memset(sys_mmap(NULL, 8 * PAGE_SIZE, PROT_READ | PROT_WRITE),
		       1, 5 * PAGE_SIZE);
	if (life_roll(2))
		uthread_create(life_worker, (void *)(uint64_t)life_roll(200));
	life_wait(&waits[1]);
	usleep(life_roll(2000));
	life_end();
}
