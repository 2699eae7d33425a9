/*
 * tap.c - an event when a file becomes ready.
 *
 * Files change under wait_lock, often in interrupts, where nobody may send an
 * event.  So a tap that has something to say is put on a list, and core 0 is
 * sent a message to say it.
 */
#include "dev/tap.h"

#include "abi/errno.h"
#include "abi/syscall.h"
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

static struct list due = LIST_INIT(due);	/* wait_lock */
static struct kmsg tap_kmsg;

static void tap_look_one(struct tap *tap)
{
	uint32_t ready = file_ready(tap->file) & tap->filter;

	tap->news |= ready & ~tap->was;
	tap->was = ready;
	if (!tap->news || list_linked(&tap->due_link))
		return;
	list_append(&due, &tap->due_link);
	kmsg_send(0, &tap_kmsg);
}

void tap_look(struct list *taps)
{
	list_for_each(l, taps)
		tap_look_one(list_entry(l, struct tap, link));
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

static void tap_say(struct kmsg *kmsg)
{
	while (tap_say_one())
		;
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
	struct tap *tap = kzalloc(sizeof(*tap));
	void *old = NULL;
	uint64_t flags;
	int err = 0;

	if (!tap)
		return -ENOMEM;
	*tap = (struct tap){ .p = p, .fd = fd, .filter = filter,
			     .u_ev_q = u_ev_q, .id = id, .data = data };
	list_init(&tap->link);
	list_init(&tap->due_link);
	flags = wait_lock_irqsave();
	tap->file = file_of(p, fd);
	if (tap->file)
		old = tap_forget(p, fd, tap->file);
	else
		err = -EBADF;
	if (!err && filter) {
		list_append(tap->file->taps, &tap->link);
		tap_look_one(tap);
		tap = NULL;
	}
	wait_unlock_irqrestore(flags);
	kfree(old);
	kfree(tap);
	return err;
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
	kmsg_init(&tap_kmsg, KMSG_ROUTINE, tap_say);
}
