/*
 * lab.h - what stands in place of a function that a student is to write.
 *
 * Nothing in the finished kernel uses it.  In the starter of a lab each
 * function of an exercise begins with one of these; filling it in begins with
 * taking that line away.  user/lib/lab.h is the same for the library.
 */
#pragma once

#include "abi/types.h"

struct lab_todo {
	const char	*exercise;	/* like spamming.2 */
	const char	*function;
};

/* One for each place, in a section of its own so that they can be counted. */
#define LAB_TODO_HERE(id)						\
	static const struct lab_todo here_				\
	__attribute__((section("lab_todos"), used)) = { id, __func__ }

/* This function is yours to write: say so once, and go on with what follows,
 * an answer that does no harm. */
#define lab_todo(id)							\
	do {								\
		LAB_TODO_HERE(id);					\
		lab_reached(&here_);					\
	} while (0)

/* The same where there is no such answer: panic. */
#define lab_todo_panic(id)						\
	do {								\
		LAB_TODO_HERE(id);					\
		lab_stop(&here_);					\
	} while (0)

/* Without this function no event can be relied on: as long as this is here
 * processes wait for system calls by asking. */
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
void lab_reached(const struct lab_todo *todo);
void lab_stop(const struct lab_todo *todo) __attribute__((noreturn));

/*
 * Say on the console and in a record, the first time, that @function of
 * @exercise has been reached.  True if it was the first time.
 *
 * Context: any.
 */
bool lab_say(const char *exercise, const char *function);

/* How many functions of this kernel are still to be written; and does one of
 * them leave processes without events? */
uint32_t lab_unwritten(void);
bool lab_events_missing(void);
