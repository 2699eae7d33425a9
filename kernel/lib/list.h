/*
 * list.h - a ring of links that live inside the things they link.
 *
 * The head is a link too, so nothing is a special case.  A link that is on no
 * list points to itself; list_remove() leaves it so, and may be called again.
 * Whoever owns the head supplies the lock.  Links are written once and whole,
 * for those who peek at a head without it: they find some link that was first.
 */
#pragma once

#include "abi/types.h"
#include "sync/atomic.h"

struct list {
	struct list	*next;
	struct list	*prev;
};

#define LIST_INIT(name)	{ &(name), &(name) }

/* The @type whose @member is the link @l. */
#define list_entry(l, type, member) \
	((type *)((char *)(l) - offsetof(type, member)))

/* Each link of @head in turn; @l must stay on the list meanwhile. */
#define list_for_each(l, head) \
	for (struct list *l = (head)->next; l != (head); l = l->next)

static inline void list_init(struct list *l)
{
	write_once(l->next, l);
	l->prev = l;
}

static inline bool list_empty(const struct list *head)
{
	return head->next == head;
}

/* Put @l, on no list, just before @where; before the head is the end. */
static inline void list_insert_before(struct list *where, struct list *l)
{
	write_once(l->next, where);
	l->prev = where->prev;
	write_once(where->prev->next, l);
	where->prev = l;
}

static inline void list_append(struct list *head, struct list *l)
{
	list_insert_before(head, l);
}

static inline void list_prepend(struct list *head, struct list *l)
{
	list_insert_before(head->next, l);
}

static inline void list_remove(struct list *l)
{
	write_once(l->prev->next, l->next);
	l->next->prev = l->prev;
	list_init(l);
}

/* NULL if there is none. */
static inline struct list *list_first(const struct list *head)
{
	return list_empty(head) ? NULL : head->next;
}

/* Take the first off the list; NULL if there is none. */
static inline struct list *list_pop(struct list *head)
{
	struct list *l = list_first(head);

	if (l)
		list_remove(l);
	return l;
}

/* On some list? */
static inline bool list_linked(const struct list *l)
{
	return l->next != l;
}
