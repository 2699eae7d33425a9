/*
 * string.c - bytes and strings, as C has them.
 *
 * Copies go by words of eight bytes, four at a time, aligned or not: x86 does
 * not mind, and under emulation a loop of words beats the string instructions.
 */
#include "lib/string.h"

/* Any eight bytes, whatever their type. */
struct word {
	uint64_t v;
} __attribute__((packed, may_alias));

void *memcpy(void *dst, const void *src, size_t n)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	for (; n >= 32; n -= 32, d += 32, s += 32) {
		((struct word *)d)[0] = ((const struct word *)s)[0];
		((struct word *)d)[1] = ((const struct word *)s)[1];
		((struct word *)d)[2] = ((const struct word *)s)[2];
		((struct word *)d)[3] = ((const struct word *)s)[3];
	}
	for (; n >= 8; n -= 8, d += 8, s += 8)
		*(struct word *)d = *(const struct word *)s;
	while (n--)
		*d++ = *s++;
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	/* A target below the source is never ahead of the reads. */
	if (d <= s || d >= s + n)
		return memcpy(dst, src, n);
	while (n--)
		d[n] = s[n];
	return dst;
}

void *memset(void *dst, int byte, size_t n)
{
	uint64_t pattern = (uint8_t)byte * 0x0101010101010101UL;
	uint8_t *d = dst;

	for (; n >= 32; n -= 32, d += 32) {
		((struct word *)d)[0].v = pattern;
		((struct word *)d)[1].v = pattern;
		((struct word *)d)[2].v = pattern;
		((struct word *)d)[3].v = pattern;
	}
	for (; n >= 8; n -= 8, d += 8)
		((struct word *)d)->v = pattern;
	while (n--)
		*d++ = (uint8_t)byte;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a;
	const uint8_t *y = b;

	for (; n--; x++, y++) {
		if (*x != *y)
			return *x - *y;
	}
	return 0;
}

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n--; a++, b++) {
		if (*a != *b)
			return (uint8_t)*a - (uint8_t)*b;
		if (!*a)
			return 0;
	}
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

size_t strlcpy(char *dst, const char *src, size_t size)
{
	size_t n = strlen(src);

	if (size) {
		size_t fits = n < size ? n : size - 1;

		memcpy(dst, src, fits);
		dst[fits] = '\0';
	}
	return n;
}

char *strchr(const char *s, int c)
{
	for (;; s++) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			return NULL;
	}
}
