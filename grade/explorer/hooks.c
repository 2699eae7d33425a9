/*
 * hooks.c - what the compilers call for -fsanitize=thread, in our words.
 *
 * Volatile accesses are the marked ones, all others are plain.  Atomics are
 * done here; a relaxed one is a statistic, as kernel/sync/atomic.h says, and
 * orders nothing although x86 would.
 */
#include "engine.h"

#include <string.h>

#define ARGS	uint64_t b, uint64_t c, uint64_t d, uint64_t e, \
		struct frame *f

#define ACCESS(name, size)						\
	void c___tsan_##name##read##size(uintptr_t p, ARGS)		\
	{								\
		hook_load(p, size, MARKED, f);				\
	}								\
	void c___tsan_##name##write##size(uintptr_t p, ARGS)		\
	{								\
		hook_store(p, size, MARKED, f);				\
	}
#define SIZES(name)							\
	ACCESS(name, 1) ACCESS(name, 2) ACCESS(name, 4) ACCESS(name, 8)	\
	ACCESS(name, 16)

#define MARKED	false
SIZES()
SIZES(unaligned_)
#undef MARKED
#define MARKED	true
SIZES(volatile_)
SIZES(unaligned_volatile_)

void c___tsan_read_range(uintptr_t p, ARGS)
{
	hook_load(p, (uint32_t)b, false, f);
}

void c___tsan_write_range(uintptr_t p, ARGS)
{
	hook_store(p, (uint32_t)b, false, f);
}

void __tsan_init(void)
{
}

static bool is_relaxed(uint64_t mo)
{
	return (mo & 0xffff) == __ATOMIC_RELAXED;
}

/* A locked operation: @expr gives the new value from @old. */
#define RMW(bits, name, expr)						\
	uint##bits##_t c___tsan_atomic##bits##_##name(			\
		volatile uint##bits##_t *p, uint64_t v, uint64_t mo,	\
		uint64_t d, uint64_t e, struct frame *f)		\
	{								\
		uint##bits##_t old;					\
		bool real;						\
									\
		hook_arg[0] = v;					\
		real = hook_rmw_begin((uintptr_t)p, bits / 8,		\
				      is_relaxed(mo), f);		\
		old = *p;						\
		hook_rmw_end((uintptr_t)p, bits / 8, real, old,		\
			     (uint##bits##_t)(expr), f);		\
		return old;						\
	}

#define CAS(bits)							\
	static uint##bits##_t cas##bits(volatile uint##bits##_t *p,	\
		uint##bits##_t want, uint##bits##_t v, uint64_t mo,	\
		struct frame *f)					\
	{								\
		uint##bits##_t old;					\
		bool real;						\
									\
		hook_arg[0] = v;					\
		hook_arg[1] = want;					\
		real = hook_rmw_begin((uintptr_t)p, bits / 8,		\
				      is_relaxed(mo), f);		\
		old = *p;						\
		hook_rmw_end((uintptr_t)p, bits / 8, real, old,		\
			     old == want ? v : old, f);			\
		return old;						\
	}								\
	bool c___tsan_atomic##bits##_compare_exchange_strong(		\
		volatile uint##bits##_t *p, uint##bits##_t *want,	\
		uint64_t v, uint64_t mo, uint64_t e, struct frame *f)	\
	{								\
		uint##bits##_t old = cas##bits(p, *want,		\
			(uint##bits##_t)v, mo, f);			\
		bool done = old == *want;				\
									\
		*want = old;						\
		return done;						\
	}								\
	bool c___tsan_atomic##bits##_compare_exchange_weak(		\
		volatile uint##bits##_t *p, uint##bits##_t *want,	\
		uint64_t v, uint64_t mo, uint64_t e, struct frame *f)	\
	{								\
		return c___tsan_atomic##bits##_compare_exchange_strong(	\
			p, want, v, mo, e, f);				\
	}								\
	uint##bits##_t c___tsan_atomic##bits##_compare_exchange_val(	\
		volatile uint##bits##_t *p, uint64_t want, uint64_t v,	\
		uint64_t mo, uint64_t e, struct frame *f)		\
	{								\
		return cas##bits(p, (uint##bits##_t)want,		\
				 (uint##bits##_t)v, mo, f);		\
	}

#define ATOMICS(bits)							\
	RMW(bits, exchange, v)						\
	RMW(bits, fetch_add, old + v)					\
	RMW(bits, fetch_sub, old - v)					\
	RMW(bits, fetch_and, old & v)					\
	RMW(bits, fetch_or, old | v)					\
	RMW(bits, fetch_xor, old ^ v)					\
	CAS(bits)							\
	uint##bits##_t c___tsan_atomic##bits##_load(			\
		volatile uint##bits##_t *p, ARGS)			\
	{								\
		hook_load((uintptr_t)p, bits / 8, true, f);		\
		hook_barrier(b != __ATOMIC_RELAXED, false, f);		\
		return *p;						\
	}								\
	void c___tsan_atomic##bits##_store(				\
		volatile uint##bits##_t *p, uint64_t v, uint64_t mo,	\
		uint64_t d, uint64_t e, struct frame *f)		\
	{								\
		hook_barrier(false, mo != __ATOMIC_RELAXED, f);		\
		hook_store((uintptr_t)p, bits / 8, true, f);		\
		*p = (uint##bits##_t)v;					\
		if (mo == __ATOMIC_SEQ_CST)				\
			hook_fence(f);					\
	}

ATOMICS(8)
ATOMICS(16)
ATOMICS(32)
ATOMICS(64)

void c___tsan_atomic_thread_fence(uint64_t mo, ARGS)
{
	if (mo == __ATOMIC_SEQ_CST)
		hook_fence(f);
	else
		hook_barrier(mo != __ATOMIC_RELEASE, mo != __ATOMIC_ACQUIRE,
			     f);
}

/* full_fence() ends in a sequentially consistent one of these. */
void c___tsan_atomic_signal_fence(uint64_t mo, ARGS)
{
	c___tsan_atomic_thread_fence(mo, b, c, d, e, f);
}

void *c_xp_memcpy(void *dst, const void *src, size_t n, uint64_t d,
		  uint64_t e, struct frame *f)
{
	uint8_t bytes[768];

	if (n > sizeof(bytes))
		fail_here("engine", f->pc, "memcpy of %zu bytes", n);
	if (n) {
		hook_arg[0] = (uintptr_t)dst;
		hook_arg[1] = n;
		hook_room((uintptr_t)dst, (uint32_t)n, f);
		hook_load((uintptr_t)src, (uint32_t)n, false, f);
		settle();
		memcpy(bytes, src, n);
		hook_copy((uintptr_t)dst, bytes, (uint32_t)n, f);
	}
	return dst;
}

void *c_xp_memset(void *dst, uint64_t val, size_t n, uint64_t d, uint64_t e,
		  struct frame *f)
{
	hook_fill((uintptr_t)dst, (int)val, n, f);
	return dst;
}

void *c___tsan_memcpy(void *dst, const void *src, size_t n, uint64_t d,
		      uint64_t e, struct frame *f)
{
	return c_xp_memcpy(dst, src, n, d, e, f);
}

void *c___tsan_memset(void *dst, uint64_t val, size_t n, uint64_t d,
		      uint64_t e, struct frame *f)
{
	return c_xp_memset(dst, val, n, d, e, f);
}
