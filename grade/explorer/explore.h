/*
 * explore.h - what a test of the explorer is written with.
 *
 * A test sets up memory, starts a few threads that call the shipped code, and
 * says what must hold when nobody can move any more.  Every order of their
 * steps is then tried.  setup and check run alone, with nothing buffered.
 */
#pragma once

#include "abi/types.h"

struct test {
	const char	*name;
	const char	*proves;	/* one sentence */
	const char	*pairs;		/* of events.md section 7 */
	void		(*setup)(void);
	void		(*check)(void);
	bool		(*goal)(void);	/* nothing can be lost any more: what
					 * follows is another test's subject */
	uint32_t	slots;		/* of a UCQ page; 0: any number */
	const char	*group;		/* for `make explore TEST=` */
	uint32_t	bound;		/* too large for all orders: only those
					 * with as many preemptions and held
					 * stores */
	bool		no_pso;		/* too large for compiler order */
	bool		expect_fail;	/* a litmus test: the outcome is seen */
};

#define XP_TEST(id, ...)						\
	static const struct test test_##id				\
	__attribute__((section("xp_tests"), used, aligned(8))) =	\
	{ .name = #id, __VA_ARGS__ }

/* A thread on core @core; setup only. */
void xp_thread(const char *name, void (*fn)(void *arg), void *arg);
void xp_thread_on(uint32_t core, const char *name, void (*fn)(void *arg),
		  void *arg);

/* What an interrupt of the last thread made does.  Delivered at any step where
 * interrupts are on, once for each xp_post_irq(). */
void xp_on_irq(void (*fn)(void));
void xp_post_irq(uint32_t core);

/* Names for stories: `name` for the word at @p. */
void xp_name(const void *p, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Statistics: no part of the state, and their locked operations no fences. */
void xp_ignore(const void *p, size_t size);

/* The test fails unless @cond. */
#define xp_require(cond, ...)						\
	do {								\
		if (!(cond))						\
			xp_fail("wrong", __VA_ARGS__);			\
	} while (0)
void xp_fail(const char *kind, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Wait until *@word is not zero.  Who still waits at the end has not failed:
 * that is for the check to say. */
void xp_sleep_until(const uint32_t *word);

/* Append @code, 1 to 15, to the codes in *@word unless it is there: one locked
 * step.  The first is in the highest digit, in hexadecimal. */
void xp_push(uint32_t *word, uint32_t code);

/* Any of 0 .. @n - 1: all are explored. */
uint32_t xp_choose(uint32_t n);

/* The calling thread begins again from the top of its stack. */
void xp_restart(void) __attribute__((noreturn));

/* Between these no word of user memory may be read twice. */
void xp_fetch_begin(void);
void xp_fetch_end(void);
void xp_fetch_twice(const void *p, size_t size);

/* One access of the kernel to user memory, any, may fault.  Setup only. */
void xp_may_fault(void);

/* Pages of user memory: zeroed; checked for use after free and leaks. */
uintptr_t xp_page_alloc(void);
void xp_page_free(uintptr_t page);
uint32_t xp_pages(void);

uint32_t xp_core(void);
uint32_t xp_self(void);
bool xp_at_end(uint32_t thread);	/* done, for a check */

void xp_halt(void);
void xp_irq_off(void);
void xp_irq_on(void);
bool xp_irqs_on(void);
