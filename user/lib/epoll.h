/*
 * epoll.h - wait for any of several descriptors, on one CEQ and taps.
 *
 * Each descriptor of a set has a tap (SYS_tap) whose messages meet in a CEQ
 * under the descriptor's number.  What a tap tells is when a descriptor
 * *becomes* ready: once if it is when the tap is set, then each time that it is
 * ready after it was not, and when the other end of a pipe is gone.  More bytes
 * in a pipe that has some are no news.
 *
 * EPOLLET hands that on: one report for each time, several of them between two
 * waits are one.  So read until a read gets less than it asked for, or look
 * with fd_ready(), before you wait again.
 *
 * Without EPOLLET (level-triggered) a descriptor is reported by each wait at
 * whose beginning, or end, it is ready: one that was reported is asked about
 * again with TAP_LOOK, which costs a system call for each.
 *
 * EPOLLIN means that a read would not wait, so it is also the end of a pipe;
 * EPOLLOUT that a write would not, also because nobody will read.
 *
 * A descriptor is in one set at most: the later tap takes it from the other,
 * silently.  Take it out of the set before you close it.
 */
#pragma once

#include "abi/types.h"

struct epoll;

#define EPOLLIN		0x001
#define EPOLLOUT	0x004
#define EPOLLET		(1U << 31)

#define EPOLL_CTL_ADD	1
#define EPOLL_CTL_DEL	2
#define EPOLL_CTL_MOD	3

struct epoll_event {
	uint32_t	events;		/* EPOLL* */
	union {
		void	*ptr;
		int	fd;
		uint64_t u64;
	} data;
};

/* An empty set, or null with ENOMEM. */
struct epoll *epoll_create(void);

/* Nobody waits on @ep any more.  Context: uthread. */
void epoll_destroy(struct epoll *ep);

/*
 * Add @fd, with what to wait for and what to say of it in @event, change that,
 * or delete @fd (@event may be null).  0, or -1 with EBADF, EEXIST, ENOENT,
 * EINVAL or ENOMEM.  Context: any; a waiter hears of what is ready at once.
 */
int epoll_ctl(struct epoll *ep, int op, int fd, struct epoll_event *event);

/*
 * Wait until some descriptors are ready, for at most @timeout_ms milliseconds
 * (-1: for ever; 0: not at all), and put up to @max of them into @events; one
 * that was left out for lack of room comes first in the next wait.
 *
 * How many; 0 after the time; -1 with EINVAL, or without an alarm ENOMEM or
 * EAGAIN.  Context: uthread.
 */
int epoll_wait(struct epoll *ep, struct epoll_event *events, int max,
	       int timeout_ms);

/* What @fd is ready for, EPOLLIN and EPOLLOUT; -1 with EBADF. */
int fd_ready(int fd);
