/*
 * stdio.c - text out and characters in, one system call each.
 *
 * Entered from any uthread, and from vcore context.  There a write to a pipe
 * that is full spins until somebody has read; the console makes nobody wait.
 */
#include "stdio.h"

#include "errno.h"
#include "stdlib.h"
#include "string.h"
#include "unistd.h"

#include <limits.h>

/* Most lines fit; vcore stacks are small. */
#define LINE_MAX	256

FILE stdio_streams[3] = { { 0 }, { 1 }, { 2 } };

static int write_all(int fd, const char *text, size_t len)
{
	ssize_t n;

	for (size_t done = 0; done < len; done += n) {
		n = write(fd, text + done, len - done);
		if (n <= 0)
			return -1;
	}
	return len;
}

int vdprintf(int fd, const char *fmt, va_list ap)
{
	char line[LINE_MAX];
	char *text = line;
	va_list again;
	int len, written;

	va_copy(again, ap);
	len = vsnprintf(line, sizeof(line), fmt, ap);
	if (len >= LINE_MAX) {
		text = malloc(len + 1);
		if (text)
			vsnprintf(text, len + 1, fmt, again);
	}
	va_end(again);
	if (!text)
		return -1;
	written = write_all(fd, text, len);
	if (text != line)
		free(text);
	return written;
}

int vprintf(const char *fmt, va_list ap)
{
	return vdprintf(1, fmt, ap);
}

int dprintf(int fd, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vdprintf(fd, fmt, ap);
	va_end(ap);
	return len;
}

int printf(const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vdprintf(1, fmt, ap);
	va_end(ap);
	return len;
}

int vfprintf(FILE *stream, const char *fmt, va_list ap)
{
	return vdprintf(stream->fd, fmt, ap);
}

int fprintf(FILE *stream, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vdprintf(stream->fd, fmt, ap);
	va_end(ap);
	return len;
}

int sprintf(char *buf, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(buf, INT_MAX, fmt, ap);
	va_end(ap);
	return len;
}

int fflush(FILE *stream)
{
	return 0;
}

int setvbuf(FILE *stream, char *buf, int mode, size_t size)
{
	return 0;
}

int puts(const char *s)
{
	return printf("%s\n", s);
}

int fputs(const char *s, FILE *stream)
{
	return write_all(stream->fd, s, strlen(s)) < 0 ? EOF : 0;
}

int fputc(int c, FILE *stream)
{
	char byte = c;

	return write_all(stream->fd, &byte, 1) < 0 ? EOF
						   : (unsigned char)byte;
}

int putchar(int c)
{
	return fputc(c, stdout);
}

int getchar(void)
{
	unsigned char byte;

	return read(0, &byte, 1) == 1 ? byte : EOF;
}

void perror(const char *what)
{
	dprintf(2, "%s: %s\n", what, strerror(errno));
}
