/*
 * lab.h - what stands in place of a function that a student is to write.
 *
 * Nothing in the finished library uses it; kernel/lib/lab.h is the same for
 * the kernel.
 */
#pragma once

#include "abi/types.h"

struct lab_todo {
	const char	*exercise;	/* like mailboxes.2 */
	const char	*function;
	uint32_t	said;		/* atomic */
};

/* One for each place, in a section of its own so that they can be counted. */
#define LAB_TODO_HERE(id)						\
	static struct lab_todo here_					\
	__attribute__((section("lab_todos"), used)) = { id, __func__, 0 }

/* This function is yours to write: the kernel says so once, and we go on with
 * what follows, an answer that does no harm. */
#define lab_todo(id)							\
	do {								\
		LAB_TODO_HERE(id);					\
		lab_reached(&here_);					\
	} while (0)

/* The same where there is no such answer: end the process. */
#define lab_todo_panic(id)						\
	do {								\
		LAB_TODO_HERE(id);					\
		lab_stop(&here_);					\
	} while (0)

/* Without this function no event can be relied on: as long as this is here we
 * wait for system calls by asking. */
#define lab_no_events()							\
	do {								\
		static const uint8_t here_				\
		__attribute__((section("lab_no_events"), used)) = 1;	\
	} while (0)

/* A function that is here for the one to be written.  Its address is kept, or
 * compilers would leave it out, and what is to be written in it uncounted. */
#define lab_uses(function)						\
	do {								\
		static const void *const here_ __attribute__((used)) =	\
			(const void *)(function);			\
	} while (0)

/* Context, both: any. */
void lab_reached(struct lab_todo *todo);
void lab_stop(struct lab_todo *todo) __attribute__((noreturn));

/* Is a function of the kernel, or of ours, still to be written without which
 * no event can be relied on? */
bool lab_events_missing(void);
