/*
 * tap.h - an event when a file becomes ready.
 *
 * A tap tells of changes, not of states: once when it is set on a file that is
 * ready already, then each time that the file becomes ready again, and when the
 * last user of a pipe's other end is gone.
 */
#pragma once

#include "lib/list.h"

struct event_queue;
struct file;
struct proc;

/*
 * Have @p's descriptor @fd send a message of type @id with @data to @u_ev_q
 * when it becomes ready for something in @filter (TAP_*); an earlier tap on it
 * is forgotten, and with @filter 0 there is none.  0, -EBADF, -ENOMEM.
 *
 * Context: kthread, no locks.
 */
int tap_set(struct proc *p, int fd, uint32_t filter,
	    struct event_queue *u_ev_q, uint32_t id, uint64_t data);

/* What @p's descriptor @fd is ready for now, TAP_*; -EBADF.  A change after
 * that is told to a tap on it.  Context: any; no wait_lock. */
int tap_ready(struct proc *p, int fd);

/* The files behind @taps may have become ready.  Context: wait_lock. */
void tap_look(struct list *taps);

/* The same, and that they are ready is news also if they were before: the other
 * end of a pipe is gone.  Context: wait_lock. */
void tap_tell(struct list *taps);

/* @p's descriptor @fd is gone; NULL, or what is to be freed by kfree() once
 * wait_lock is released.  Context: wait_lock. */
void *tap_forget(struct proc *p, int fd, struct file *file);

/* Context: kmain(). */
void tap_init(void);
