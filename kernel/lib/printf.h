/*
 * printf.h - formatted text, to the console or to memory.
 *
 * Understood: %d %i %u %x %c %s %p %%, with l, ll or z before the letter,
 * a width, a leading 0 or -, and a precision for %s.
 */
#pragma once

#include <stdarg.h>

#include "abi/types.h"

/* Longer messages are cut. */
#define PRINTK_MAX	512

/*
 * Write a message to the console, whole: those of other cores come before or
 * after it.
 *
 * Context: any; takes the console lock, except in a panic.
 */
void printk(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same to @buf, always with a NUL.  Gives the length it would have had. */
size_t snprintk(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
size_t vsnprintk(char *buf, size_t size, const char *fmt, va_list args)
	__attribute__((format(printf, 3, 0)));
