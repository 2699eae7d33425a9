/*
 * testing.h - what a test in user/tests says about itself, and to whom.
 *
 * Facts go to the second serial port as records, where grade/ judges them; a
 * person sees one line for each that did not hold.  user/tests/test.h has the
 * words that tests are written in.
 */
#pragma once

#include "abi/event.h"
#include "abi/syscall.h"

/* Longest wait for what must come, in milliseconds.  It may take that long
 * only where something is broken: nothing is proved by the time itself. */
#define TEST_PATIENCE	10000

/* main() of a test: run @body between the first and the last record, or, in a
 * child that test_start() made, what that asked for.  The exit status. */
int test_main(int argc, char *argv[], const char *name, void (*body)(void));

/* Note that fact @name was to be @expected and is @got.  True if they are
 * equal.  Context: any. */
bool test_check(const char *name, uint64_t got, uint64_t expected);

/* Write the last record and end the process, failed.  Context: any. */
void test_give_up(void) __attribute__((noreturn));

/* The number that came with the kernel's command line: another one each run,
 * where the grader wants it so. */
uint64_t test_seed(void);

/* A number from test_seed(), the same in every run with that seed: below
 * @below.  Context: one caller at a time. */
uint32_t test_random(uint32_t below);

/*
 * What message @n of this run holds: a number that nobody can know who does not
 * know the seed.  Its receiver passes it on to test_took(); test_contents()
 * notes how many came and their sum, and the grader knows what messages 0 up to
 * that number add up to.  Context: any.
 */
uint64_t test_content(uint64_t n);
void test_took(uint64_t content);
void test_contents(const char *name);

/*
 * Patience of @ms milliseconds; and whether it is at an end, which is asked at
 * each look.  The time between two looks counts for 5 ms at most: while a busy
 * host kept us from looking it has kept others from doing what we wait for.
 */
struct test_patience {
	uint64_t	left;	/* ns */
	uint64_t	last;	/* when we looked, clock_ns() */
};

struct test_patience test_patience(uint32_t ms);
bool test_lost_patience(struct test_patience *patience);

/*
 * For what must be seen before vcore context is entered the next time, which is
 * any time where others are ready to run and our turn on the core ends: a loop
 * over `while (test_disturbed(&quiet))` is gone through again until nothing has
 * come between, but 100 times at most.  Context: uthread, on vcore 0.
 */
struct test_quiet {
	uint32_t	tries;	/* begins as 0 */
	uint64_t	entries;
};

bool test_disturbed(struct test_quiet *quiet);

/*
 * Start another process that runs @fn and exits with status 0 if that returns;
 * what it checks counts for nobody.  Its pid; the test ends if there is none.
 *
 * test_wait() returns its wait status (W_EXITED() and its like).
 * Context: uthread.
 */
int test_start(void (*fn)(void));
int32_t test_wait(int pid);
int32_t test_run(void (*fn)(void));

/*
 * Have @n vcores online, and keep them: without a uthread they look at their
 * mailboxes, over and over.  False: the machine has not so many.
 *
 * Context: uthread.
 */
bool test_vcores(uint32_t n);

/* The same with as many as the machine has, but at most @n: how many; 0 if
 * they do not come. */
uint32_t test_vcores_upto(uint32_t n);

/* Send a message of type @ev_type to our own @ev_q, with @n as arg2, arg4 and,
 * cut to size, arg1.  Context: any. */
void test_send(struct event_queue *ev_q, unsigned int ev_type, uint32_t n);

/* Have the kernel send EV_SYSCALL to @ev_q in @ms milliseconds, whatever we do
 * then: @sc is a call that completes.  Context: any. */
void test_send_later(struct syscall *sc, struct event_queue *ev_q,
		     uint32_t ms);

/*
 * Block the caller until test_wake(): a single-core process with no other
 * uthread sleeps.  One wake ends one sleep, also if it comes first.  False:
 * the sleep was over by itself.  That takes ten times as long as there is
 * patience, so whoever is not woken has mostly been found to hang by then.
 *
 * Context: one uthread; test_wake() any.
 */
bool test_sleep(void);
void test_wake(void);

/* How often the kernel has refused something of ours, for whatever reason. */
uint64_t test_refused(void);
