/*
 * string.h - bytes and strings, as the C standard has them.
 *
 * The compiler calls memcpy, memmove, memset and memcmp by itself.
 */
#pragma once

#include <stddef.h>

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s, const char *find);
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);
char *strcpy(char *dst, const char *src);
char *strncpy(char *dst, const char *src, size_t n);
char *strcat(char *dst, const char *src);

/* Copy what fits into @size bytes with its NUL; return strlen(@src). */
size_t strlcpy(char *dst, const char *src, size_t size);

/* Split @s at any of @delim; @save keeps the place between calls. */
char *strtok_r(char *s, const char *delim, char **save);

/* A copy of @s from malloc(), or null. */
char *strdup(const char *s);

/* The text of an errno, for people. */
const char *strerror(int err);
