/*
 * string.h - bytes and strings, as C has them.
 *
 * The compiler emits calls of the first four by itself.
 */
#pragma once

#include "abi/types.h"

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);

size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);

/* Copy what fits of @src to the @size bytes at @dst, always with a NUL.
 * Gives strlen(@src): if that is not below @size, something was cut. */
size_t strlcpy(char *dst, const char *src, size_t size);

/* The first @c in @s, or NULL. */
char *strchr(const char *s, int c);
