/*
 * stdio.h - formatted output and single characters.
 *
 * There are no streams and no buffers: each call is one SYS_write, so lines
 * that several vcores print at once do not mix.  Descriptor 0 is the console's
 * input, 1 and 2 are its output.
 *
 * Formats: d i u x X o c s p %, with flags - 0 + space #, width, precision
 * (also *), and lengths hh h l ll z j t.  No floating point, no %n.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#define EOF	(-1)

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* Return the length of the whole text, or -1 if it could not be written. */
int printf(const char *fmt, ...) PRINTF_LIKE(1, 2);
int vprintf(const char *fmt, va_list ap) PRINTF_LIKE(1, 0);
int dprintf(int fd, const char *fmt, ...) PRINTF_LIKE(2, 3);
int vdprintf(int fd, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

/* Write at most @size bytes with the NUL; return the length of it all. */
int snprintf(char *buf, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);
int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
	PRINTF_LIKE(3, 0);

int puts(const char *s);
int putchar(int c);

/* The next character of console input, or EOF.  Blocks this uthread. */
int getchar(void);

/* "what: why", why being the text of errno, to descriptor 2. */
void perror(const char *what);
