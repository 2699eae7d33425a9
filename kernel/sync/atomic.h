/*
 * atomic.h - every way to touch memory that someone else touches too.
 *
 * x86 lets one thing happen that program order does not show: a load may be
 * done before an earlier store has left the core.  So two of these order
 * nothing but the compiler, full_fence() orders the machine, and every
 * locked operation does so by itself.
 *
 * Accesses are volatile and operations are compiler builtins, never assembly,
 * so that a compiler which instruments memory accesses sees all of them: the
 * explorer is built that way from the same sources.  Kernel and user code and
 * hosted programs include this file; it depends on nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Keep the compiler from moving memory accesses across.  No instruction. */
#define compiler_barrier()	__asm__ volatile("" ::: "memory")

/* One load or store, exactly once, whole; unordered to others. */
#define read_once(x)		(*(const volatile __typeof__(x) *)&(x))
#define write_once(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))

/* Load *@p before everything after it. */
#define load_acquire(p) ({						\
	__typeof__(*(p)) value_ = *(const volatile __typeof__(*(p)) *)(p); \
	__atomic_signal_fence(__ATOMIC_ACQUIRE);			\
	compiler_barrier();						\
	value_;								\
})

/* Everything before it, then store @v to *@p. */
#define store_release(p, v) ({						\
	compiler_barrier();						\
	__atomic_signal_fence(__ATOMIC_RELEASE);			\
	*(volatile __typeof__(*(p)) *)(p) = (v);			\
})

/* Everything before is visible to all cores before anything after is done:
 * the only order that x86 does not give, a store and then a load elsewhere. */
static inline void full_fence(void)
{
	__asm__ volatile("mfence" ::: "memory");
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* Everything before is visible before a WRMSR after it, which is no store
 * and waits for none (SDM 3A, "MSR Access in x2APIC Mode"). */
static inline void ipi_fence(void)
{
	__asm__ volatile("mfence; lfence" ::: "memory");
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/*
 * In one step and a full fence too, on a word of any size.  The first four
 * give what was there before; atomic_cas() puts @new where it finds @old and
 * says whether it did.
 */
#define atomic_fetch_add(p, v)	__atomic_fetch_add(p, v, __ATOMIC_SEQ_CST)
#define atomic_fetch_or(p, v)	__atomic_fetch_or(p, v, __ATOMIC_SEQ_CST)
#define atomic_fetch_and(p, v)	__atomic_fetch_and(p, v, __ATOMIC_SEQ_CST)
#define atomic_swap(p, v)	__atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)
#define atomic_cas(p, old, new) ({					\
	__typeof__(*(p)) old_ = (old);					\
	__atomic_compare_exchange_n(p, &old_, new, false,		\
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
})

/* The same where the size should be read off the name. */
static inline uint32_t atomic_fetch_add32(uint32_t *p, uint32_t v)
{
	return atomic_fetch_add(p, v);
}

static inline uint64_t atomic_fetch_add64(uint64_t *p, uint64_t v)
{
	return atomic_fetch_add(p, v);
}

static inline uint32_t atomic_fetch_or32(uint32_t *p, uint32_t v)
{
	return atomic_fetch_or(p, v);
}

static inline uint32_t atomic_fetch_and32(uint32_t *p, uint32_t v)
{
	return atomic_fetch_and(p, v);
}

static inline uint32_t atomic_swap32(uint32_t *p, uint32_t v)
{
	return atomic_swap(p, v);
}

static inline uint64_t atomic_swap64(uint64_t *p, uint64_t v)
{
	return atomic_swap(p, v);
}

static inline void *atomic_swap_ptr(void **p, void *v)
{
	return atomic_swap(p, v);
}

static inline bool atomic_cas32(uint32_t *p, uint32_t old, uint32_t new)
{
	return atomic_cas(p, old, new);
}

static inline bool atomic_cas64(uint64_t *p, uint64_t old, uint64_t new)
{
	return atomic_cas(p, old, new);
}

static inline bool atomic_cas_ptr(void **p, void *old, void *new)
{
	return atomic_cas(p, old, new);
}

/* Count one; for statistics, whose readers need no order. */
static inline void atomic_inc64(uint64_t *p)
{
	__atomic_fetch_add(p, 1, __ATOMIC_RELAXED);
}

/*
 * cpu_relax() stands in every loop that waits for another core to change
 * memory, and nowhere else: the explorer takes it for "nothing here changes
 * until someone else has moved".  cpu_relax_bounded() stands in loops that
 * give up by themselves.
 */
#ifdef EV6_EXPLORE
void cpu_relax(void);
void cpu_relax_bounded(void);
#else
static inline void cpu_relax(void)
{
	__builtin_ia32_pause();
}

static inline void cpu_relax_bounded(void)
{
	__builtin_ia32_pause();
}
#endif
