/*
 * tap.c - an event when a file becomes ready.
 *
 * Files change under wait_lock, where nobody may send an event.  So a tap that
 * has something to say is put on a list, and core 0 is sent a message to say
 * it.  What comes meanwhile is said after a rest: who writes and reads pipes
 * without pause must not keep core 0 for himself.
 */
#include "dev/tap.h"

#include "abi/errno.h"
#include "abi/syscall.h"
#include "arch/x86/timer.h"
#include "core/alarm.h"
#include "core/kmsg.h"
#include "core/wait.h"
#include "dev/file.h"
#include "event/event.h"
#include "mm/kmalloc.h"
#include "proc/proc.h"

/* Fixed but for the last two; wait_lock protects those and the links. */
struct tap {
	struct list	link;		/* on the taps of its file */
	struct list	due_link;	/* on due */
	struct proc	*p;
	struct file	*file;
	int		fd;
	uint32_t	filter;
	struct event_queue *u_ev_q;
	uint32_t	id;
	uint64_t	data;
	uint32_t	was;		/* ready at the last look */
	uint32_t	news;		/* became ready, not yet said */
};

#define TURN		32	/* messages */
#define REST_NS		50000	/* between two turns */

/* wait_lock: */
static struct list due = LIST_INIT(due);
static bool saying;		/* core 0 is at it, or rests */

/* Core 0's: */
static struct kmsg tap_kmsg;
static struct alarm rest;

static void tap_look_one(struct tap *tap)
{
	uint32_t ready = file_ready(tap->file) & tap->filter;

	tap->news |= ready & ~tap->was;
	tap->was = ready;
	if (!tap->news || list_linked(&tap->due_link))
		return;
	list_append(&due, &tap->due_link);
	if (!saying)
		kmsg_send(0, &tap_kmsg);
	saying = true;
}

void tap_look(struct list *taps)
{
	list_for_each(l, taps)
		tap_look_one(list_entry(l, struct tap, link));
}

void tap_tell(struct list *taps)
{
	list_for_each(l, taps)
		list_entry(l, struct tap, link)->was = 0;
	tap_look(taps);
}

/* Say what the first due tap has to say.  False: none is due. */
static bool tap_say_one(void)
{
	uint64_t flags = wait_lock_irqsave();
	struct list *l = list_pop(&due);
	struct event_queue *u_ev_q;
	struct event_msg msg;
	struct proc *p;
	struct tap *tap;

	if (!l) {
		wait_unlock_irqrestore(flags);
		return false;
	}
	tap = list_entry(l, struct tap, due_link);
	msg = (struct event_msg){
		.ev_type = tap->id,
		.ev_arg2 = tap->news,
		.ev_arg3 = (void *)tap->data,
	};
	tap->news = 0;
	u_ev_q = tap->u_ev_q;
	p = tap->p;
	proc_get(p);
	wait_unlock_irqrestore(flags);
	if (u_ev_q)
		send_event(p, u_ev_q, &msg, 0);
	proc_put(p);
	return true;
}

/* Is there nothing left to say?  Then the next tap calls core 0 again. */
static bool tap_said_all(void)
{
	uint64_t flags = wait_lock_irqsave();
	bool all = list_empty(&due);

	saying = !all;
	wait_unlock_irqrestore(flags);
	return all;
}

static void tap_rested(struct alarm *alarm);

static void tap_say(void)
{
	for (uint32_t i = 0; i < TURN && tap_say_one(); i++)
		;
	if (!tap_said_all())
		alarm_set(&rest, time_ns() + REST_NS, tap_rested);
}

static void tap_rested(struct alarm *alarm)
{
	tap_say();
}

static void tap_called(struct kmsg *kmsg)
{
	tap_say();
}

void *tap_forget(struct proc *p, int fd, struct file *file)
{
	list_for_each(l, file->taps) {
		struct tap *tap = list_entry(l, struct tap, link);

		if (tap->p != p || tap->fd != fd)
			continue;
		list_remove(&tap->link);
		list_remove(&tap->due_link);
		return tap;
	}
	return NULL;
}

int tap_set(struct proc *p, int fd, uint32_t filter,
	    struct event_queue *u_ev_q, uint32_t id, uint64_t data)
{
	struct tap *tap = NULL;
	void *old = NULL;
	struct file *file;
	uint64_t flags;

	/* To take one away takes no memory. */
	if (filter) {
		tap = kzalloc(sizeof(*tap));
		if (!tap)
			return -ENOMEM;
		*tap = (struct tap){ .p = p, .fd = fd, .filter = filter,
				     .u_ev_q = u_ev_q, .id = id, .data = data };
		list_init(&tap->link);
		list_init(&tap->due_link);
	}
	flags = wait_lock_irqsave();
	file = file_of(p, fd);
	if (file)
		old = tap_forget(p, fd, file);
	if (file && tap) {
		tap->file = file;
		list_append(file->taps, &tap->link);
		tap_look_one(tap);
		tap = NULL;
	}
	wait_unlock_irqrestore(flags);
	kfree(old);
	kfree(tap);
	return file ? 0 : -EBADF;
}

int tap_ready(struct proc *p, int fd)
{
	uint64_t flags = wait_lock_irqsave();
	struct file *file = file_of(p, fd);
	int ready = file ? (int)file_ready(file) : -EBADF;

	wait_unlock_irqrestore(flags);
	return ready;
}

void tap_init(void)
{
	kmsg_init(&tap_kmsg, KMSG_ROUTINE, tap_called);
}
