/*
 * stdlib.h - memory, numbers and leaving.
 *
 * malloc() and its family may be called from any vcore, in vcore context too;
 * they mask notifications while they hold their lock.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define EXIT_SUCCESS	0
#define EXIT_FAILURE	1

/* 16-byte aligned; null (and errno ENOMEM) if there is none. */
void *malloc(size_t size) __attribute__((malloc));
void *calloc(size_t nr, size_t size) __attribute__((malloc));
void *realloc(void *ptr, size_t size);
/* @align: a power of two; 4096 for a mailbox page.  free() as usual. */
void *aligned_alloc(size_t align, size_t size) __attribute__((malloc));
void free(void *ptr);

/* End the whole process, all of its vcores. */
void exit(int status) __attribute__((noreturn));
void abort(void) __attribute__((noreturn));

int atoi(const char *s);
long strtol(const char *s, char **end, int base);
unsigned long strtoul(const char *s, char **end, int base);

/* Is @word a decimal number, all of it, from @min to @max?  Then it is in @n.
 * Not in C's library. */
bool word_to_number(const char *word, long min, long max, long *n);

int abs(int n);

/* Repeats for equal seeds; rand_r() keeps its state in @seed alone. */
#define RAND_MAX	0x7fffffff
void srand(unsigned int seed);
int rand(void);
int rand_r(unsigned int *seed);
