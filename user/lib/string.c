/*
 * string.c - bytes and strings.
 *
 * Entered from everywhere, vcore context included: nothing here allocates
 * (but strdup), blocks or keeps state.
 */
#include "string.h"

#include "errno.h"
#include "stdlib.h"

#include <stdint.h>

/* Eight bytes at any address, of whatever type they were. */
struct word {
	uint64_t	v;
} __attribute__((packed, may_alias));

void *memcpy(void *dst, const void *src, size_t n)
{
	char *d = dst;
	const char *s = src;

	for (; n >= sizeof(struct word); n -= sizeof(struct word)) {
		*(struct word *)d = *(const struct word *)s;
		d += sizeof(struct word);
		s += sizeof(struct word);
	}
	while (n--)
		*d++ = *s++;
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	char *d = dst;
	const char *s = src;

	/* Upwards is safe unless the target begins inside the source. */
	if ((uintptr_t)d - (uintptr_t)s >= n)
		return memcpy(dst, src, n);
	while (n--)
		d[n] = s[n];
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	uint64_t v = (uint8_t)c * 0x0101010101010101UL;
	char *d = dst;

	for (; n >= sizeof(struct word); n -= sizeof(struct word)) {
		((struct word *)d)->v = v;
		d += sizeof(struct word);
	}
	while (n--)
		*d++ = c;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a;
	const uint8_t *y = b;

	for (; n; n--, x++, y++) {
		if (*x != *y)
			return *x - *y;
	}
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	const uint8_t *p = s;

	for (; n; n--, p++) {
		if (*p == (uint8_t)c)
			return (void *)p;
	}
	return NULL;
}

size_t strlen(const char *s)
{
	const char *p = s;

	while (*p)
		p++;
	return p - s;
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (uint8_t)*a - (uint8_t)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b || !*a)
			return (uint8_t)*a - (uint8_t)*b;
	}
	return 0;
}

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++) {
		if (!*s)
			return NULL;
	}
	return (char *)s;
}

char *strrchr(const char *s, int c)
{
	const char *found = NULL;

	do {
		if (*s == (char)c)
			found = s;
	} while (*s++);
	return (char *)found;
}

char *strstr(const char *s, const char *find)
{
	size_t n = strlen(find);

	for (; strncmp(s, find, n); s++) {
		if (!*s)
			return NULL;
	}
	return (char *)s;
}

size_t strspn(const char *s, const char *accept)
{
	size_t n = 0;

	while (s[n] && strchr(accept, s[n]))
		n++;
	return n;
}

size_t strcspn(const char *s, const char *reject)
{
	size_t n = 0;

	while (s[n] && !strchr(reject, s[n]))
		n++;
	return n;
}

char *strcpy(char *dst, const char *src)
{
	return memcpy(dst, src, strlen(src) + 1);
}

char *strncpy(char *dst, const char *src, size_t n)
{
	size_t len = strnlen(src, n);

	memcpy(dst, src, len);
	memset(dst + len, 0, n - len);
	return dst;
}

char *strcat(char *dst, const char *src)
{
	strcpy(dst + strlen(dst), src);
	return dst;
}

size_t strlcpy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src);
	size_t n;

	if (!size)
		return len;
	n = len < size ? len : size - 1;
	memcpy(dst, src, n);
	dst[n] = '\0';
	return len;
}

char *strtok_r(char *s, const char *delim, char **save)
{
	char *end;

	if (!s)
		s = *save;
	s += strspn(s, delim);
	end = s + strcspn(s, delim);
	*save = *end ? end + 1 : end;
	if (end == s)
		return NULL;
	*end = '\0';
	return s;
}

char *strdup(const char *s)
{
	size_t size = strlen(s) + 1;
	char *copy = malloc(size);

	return copy ? memcpy(copy, s, size) : NULL;
}

const char *strerror(int err)
{
	static const char *const text[] = {
		[0] = "no error",
		[EPERM] = "not permitted",
		[ENOENT] = "no such file",
		[ESRCH] = "no such process",
		[EINTR] = "interrupted",
		[EIO] = "input/output error",
		[E2BIG] = "too many arguments",
		[ENOEXEC] = "not a program",
		[EBADF] = "bad file descriptor",
		[ECHILD] = "no such child",
		[EAGAIN] = "try again",
		[ENOMEM] = "out of memory",
		[EACCES] = "access denied",
		[EFAULT] = "bad address",
		[EBUSY] = "busy",
		[EEXIST] = "exists already",
		[EINVAL] = "invalid argument",
		[EMFILE] = "too many open files",
		[ENOSPC] = "no space left",
		[EPIPE] = "broken pipe",
		[EDOM] = "argument out of domain",
		[ERANGE] = "out of range",
		[EDEADLK] = "would wait for itself",
		[ENAMETOOLONG] = "name too long",
		[ENOSYS] = "no such system call",
		[ETIMEDOUT] = "timed out",
		[ECANCELED] = "canceled",
	};

	if ((unsigned int)err >= sizeof(text) / sizeof(text[0]) || !text[err])
		return "unknown error";
	return text[err];
}
