/* assert.h - what cannot happen, checked. */
#pragma once

/* Say where and abort() the process. */
void assert_failed(const char *what, const char *file, int line,
		   const char *function) __attribute__((noreturn));

#define assert(cond) \
	((cond) ? (void)0 : \
	 assert_failed(#cond, __FILE__, __LINE__, __func__))

#define static_assert	_Static_assert
