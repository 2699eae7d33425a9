/*
 * stdio.h - formatted output and single characters.
 *
 * There are no buffers: each call is one write.  The kernel takes 256 bytes at
 * a time, so shorter lines that several vcores print at once do not mix; but
 * they may in a pipe that fills, where each waits for room.  A stream is a
 * descriptor by another name; 0 is the console's input, 1 and 2 its output.
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

/* The same to a stream, and into @buf, which must be large enough. */
typedef struct { int fd; } FILE;
extern FILE stdio_streams[3];
#define stdin	(&stdio_streams[0])
#define stdout	(&stdio_streams[1])
#define stderr	(&stdio_streams[2])

int fprintf(FILE *stream, const char *fmt, ...) PRINTF_LIKE(2, 3);
int vfprintf(FILE *stream, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
int sprintf(char *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* There is nothing to flush, and no buffer to choose: 0. */
#define _IOFBF	0
#define _IOLBF	1
#define _IONBF	2
int fflush(FILE *stream);
int setvbuf(FILE *stream, char *buf, int mode, size_t size);

/* Write at most @size bytes with the NUL; return the length of it all. */
int snprintf(char *buf, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);
int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
	PRINTF_LIKE(3, 0);

int puts(const char *s);
int putchar(int c);
int fputs(const char *s, FILE *stream);
int fputc(int c, FILE *stream);

/* The next character of console input, or EOF.  Blocks this uthread. */
int getchar(void);

/* "what: why", why being the text of errno, to descriptor 2. */
void perror(const char *what);
