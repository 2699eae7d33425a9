/*
 * usercopy.h - the only ways to touch user memory.
 *
 * Each works on the address space that is loaded on this core, and returns 0,
 * or -EFAULT when the address is not a user's, not aligned, not mapped, or
 * not allowed; never does the kernel fault.  A page that is mapped on demand
 * is brought in by the page-fault handler, so it counts as mapped.
 *
 * User memory changes while we look: read each word once, into a copy, and
 * check the copy.  On an error, what was to be filled in holds garbage.
 *
 * Those of few instructions are inline, in arch/x86/uaccess.h, the rest is in
 * arch/x86/usercopy.S.  Programs on the host, the explorer among them, are
 * built with EV6_EXPLORE and link plain C with the same names instead.
 */
#pragma once

#include "abi/errno.h"
#include "abi/proc.h"

#ifdef EV6_EXPLORE
#define USER_INLINE
#else
#define USER_INLINE static inline __attribute__((always_inline))
#endif

/* Are the @n bytes at @u all at user addresses?  They may not be mapped. */
static inline bool user_range_ok(uintptr_t u, size_t n)
{
	return n <= USER_TOP - USER_LOW &&
	       u - USER_LOW <= USER_TOP - USER_LOW - n;
}

/* Copies; multiples of 8 up to 120 bytes are fast.  Any alignment. */
USER_INLINE int copy_from_user(void *dst, const void *u_src, size_t n);
USER_INLINE int copy_to_user(void *u_dst, const void *src, size_t n);
int copy_from_user_any(void *dst, const void *u_src, size_t n);
int copy_to_user_any(void *u_dst, const void *src, size_t n);
int clear_user(void *u_dst, size_t n);

/* One word, aligned.  Ordered as any load and store of x86: a load before
 * what follows it, a store after what precedes it. */
USER_INLINE int user_load32(const uint32_t *u, uint32_t *val);
USER_INLINE int user_load64(const uint64_t *u, uint64_t *val);
USER_INLINE int user_store32(uint32_t *u, uint32_t val);
USER_INLINE int user_store64(uint64_t *u, uint64_t val);

/* The same stores, for words that announce what was stored before. */
USER_INLINE int user_store_release32(uint32_t *u, uint32_t val);
USER_INLINE int user_store_release64(uint64_t *u, uint64_t val);

/*
 * One step, a full fence too; *old is what was there.  The word must be
 * aligned.  fetch_or and fetch_and fail with -EFAULT also when the user keeps
 * changing the word for as long as USER_ATOMIC_TRIES tries.
 */
#define USER_ATOMIC_TRIES	1000

USER_INLINE int user_fetch_add32(uint32_t *u, uint32_t add, uint32_t *old);
USER_INLINE int user_fetch_add64(uint64_t *u, uint64_t add, uint64_t *old);
int user_fetch_or32(uint32_t *u, uint32_t bits, uint32_t *old);
int user_fetch_or64(uint64_t *u, uint64_t bits, uint64_t *old);
int user_fetch_and32(uint32_t *u, uint32_t bits, uint32_t *old);
USER_INLINE int user_swap32(uint32_t *u, uint32_t val, uint32_t *old);
USER_INLINE int user_swap64(uint64_t *u, uint64_t val, uint64_t *old);

/* Store @val if @expected is there; *done says whether it was. */
USER_INLINE int user_cas32(uint32_t *u, uint32_t expected, uint32_t val,
			   bool *done);
USER_INLINE int user_cas64(uint64_t *u, uint64_t expected, uint64_t val,
			   bool *done);

/*
 * Did the instruction at @rip, which raised a page fault at a user address or
 * a general protection fault, belong to one of the above?  Then *new_rip is
 * where to continue, to return -EFAULT.
 *
 * User memory may be open; see trap_go_on().
 */
bool usercopy_fixup(uintptr_t rip, uintptr_t *new_rip);

#ifndef EV6_EXPLORE
#include "arch/x86/uaccess.h"
#endif
