/*
 * stdlib.c - numbers out of strings, numbers out of nowhere, and leaving.
 */
#include "stdlib.h"

#include "abi/signal.h"
#include "assert.h"
#include "ctype.h"
#include "errno.h"
#include "stdio.h"
#include "syscall.h"
#include "unistd.h"

#include <limits.h>

static unsigned int rand_state = 1;

void exit(int status)
{
	sys_exit(status);
}

void abort(void)
{
	sys_kill(getpid(), SIGABRT);
	exit(128 + SIGABRT);	/* who handles SIGABRT dies all the same */
}

void assert_failed(const char *what, const char *file, int line,
		   const char *function)
{
	dprintf(2, "%s:%d: %s(): assertion failed: %s\n", file, line, function,
		what);
	abort();
}

static int digit_value(char c)
{
	if (isdigit(c))
		return c - '0';
	return isalpha(c) ? tolower(c) - 'a' + 10 : INT_MAX;
}

/* Skip what stands before the digits; find the base when it is 0. */
static const char *skip_prefix(const char *s, bool *negative, int *base)
{
	while (isspace(*s))
		s++;
	*negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	if ((*base == 0 || *base == 16) && s[0] == '0' &&
	    tolower(s[1]) == 'x' && digit_value(s[2]) < 16) {
		*base = 16;
		return s + 2;
	}
	if (*base == 0)
		*base = *s == '0' ? 8 : 10;
	return s;
}

/* The number without its sign in *@v.  False: it is too large. */
static bool parse(const char *s, char **end, int base, bool *negative,
		  unsigned long *v)
{
	const char *digits = skip_prefix(s, negative, &base);
	const char *p = digits;
	bool overflow = false;

	for (*v = 0; digit_value(*p) < base; p++) {
		overflow |= __builtin_mul_overflow(*v, base, v);
		overflow |= __builtin_add_overflow(*v, digit_value(*p), v);
	}
	if (end)
		*end = (char *)(p == digits ? s : p);
	return !overflow;
}

unsigned long strtoul(const char *s, char **end, int base)
{
	unsigned long v;
	bool negative;

	if (!parse(s, end, base, &negative, &v)) {
		errno = ERANGE;
		return ULONG_MAX;
	}
	return negative ? -v : v;
}

long strtol(const char *s, char **end, int base)
{
	unsigned long v;
	bool negative;

	if (!parse(s, end, base, &negative, &v) ||
	    v > (unsigned long)LONG_MAX + negative) {
		errno = ERANGE;
		return negative ? LONG_MIN : LONG_MAX;
	}
	return negative ? -v : v;
}

bool word_to_number(const char *word, long min, long max, long *n)
{
	char *end;

	*n = strtol(word, &end, 10);
	return end != word && !*end && *n >= min && *n <= max;
}

int atoi(const char *s)
{
	return strtol(s, NULL, 10);
}

int abs(int n)
{
	return n < 0 ? -n : n;
}

int rand_r(unsigned int *seed)
{
	/* xorshift32; its one fixed point is 0. */
	unsigned int x = *seed ? *seed : 0x9e3779b9;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	*seed = x;
	return x & RAND_MAX;
}

void srand(unsigned int seed)
{
	rand_state = seed;
}

int rand(void)
{
	return rand_r(&rand_state);
}
