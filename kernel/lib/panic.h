/*
 * panic.h - what to do when the impossible has happened.
 *
 * A user can cause an error, never a panic.
 */
#pragma once

#include "lib/printf.h"

/*
 * Stop the other cores, say what happened and how we got here, write the
 * `panic` record and end QEMU.  The first core to panic does; others that try
 * stop.
 *
 * Context: any, NMI included.  Takes no lock.
 */
void panic(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* Is some core in panic()?  Then the others are stopped, perhaps inside a
 * lock, and that core must not wait for it. */
bool panicking(void);

/*
 * What panic() offers somebody who sits at the console, before it ends QEMU.
 * Returns at once if nobody does.
 *
 * Defined in dev/monitor.c.  Context: panic(), the other cores stopped.
 */
void panic_monitor(void);

/* Print the return addresses on this stack, innermost first. */
void backtrace(void);

/* The same for core @coreid, which panic() has stopped: from where it was. */
void backtrace_of(uint32_t coreid);

/* Say that something is odd, with the place, and go on. */
#define warn(fmt, ...) \
	printk("warning: %s:%d: " fmt "\n", __FILE__, __LINE__, ##__VA_ARGS__)

/* What cannot be false. */
#define assert(x)						\
	((x) ? (void)0						\
	     : panic("%s:%d: assertion failed: %s", __FILE__, __LINE__, #x))
