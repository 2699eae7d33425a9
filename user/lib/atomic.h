/*
 * atomic.h - every way to touch memory that another vcore or the kernel
 * touches too.
 *
 * The same names, meanings and costs as kernel/sync/atomic.h, which user code
 * cannot reach.  x86 lets one thing happen that program order does not show: a
 * load may be done before an earlier store has left the core.  So acquire and
 * release order nothing but the compiler, full_fence() orders the machine, and
 * every locked operation does so by itself.
 *
 * Accesses are volatile and operations are compiler builtins, so that a
 * compiler which instruments memory accesses sees all of them.
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

/* Add, or, and: in one step, a full fence too, giving what was there. */
static inline uint32_t atomic_fetch_add32(uint32_t *p, uint32_t v)
{
	return __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST);
}

static inline uint64_t atomic_fetch_add64(uint64_t *p, uint64_t v)
{
	return __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST);
}

static inline uint32_t atomic_fetch_or32(uint32_t *p, uint32_t v)
{
	return __atomic_fetch_or(p, v, __ATOMIC_SEQ_CST);
}

static inline uint32_t atomic_fetch_and32(uint32_t *p, uint32_t v)
{
	return __atomic_fetch_and(p, v, __ATOMIC_SEQ_CST);
}

/* Put @v there and take what was there: a full fence too. */
static inline uint32_t atomic_swap32(uint32_t *p, uint32_t v)
{
	return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);
}

static inline uint64_t atomic_swap64(uint64_t *p, uint64_t v)
{
	return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);
}

static inline void *atomic_swap_ptr(void **p, void *v)
{
	return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);
}

/* Put @new there if @old is there.  True if it was; a full fence either way. */
static inline bool atomic_cas32(uint32_t *p, uint32_t old, uint32_t new)
{
	return __atomic_compare_exchange_n(p, &old, new, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static inline bool atomic_cas64(uint64_t *p, uint64_t old, uint64_t new)
{
	return __atomic_compare_exchange_n(p, &old, new, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static inline bool atomic_cas_ptr(void **p, void *old, void *new)
{
	return __atomic_compare_exchange_n(p, &old, new, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/*
 * cpu_relax() stands in every loop that waits for another vcore or the kernel
 * to change memory, and nowhere else: the explorer takes it for "nothing here
 * changes until someone else has moved".  cpu_relax_bounded() stands in loops
 * that give up by themselves.
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
