/*
 * uaccess.h - the accesses of mm/usercopy.h that are a few instructions.
 *
 * Event delivery is counted in instructions, so these are inline.  Between
 * opening user memory and closing it lies nothing but the access.  Instructions
 * that may fault are noted in section .fixups, with where to go on then.
 */
#pragma once

#include "abi/errno.h"
#include "abi/types.h"
#include "arch/x86/smap.h"

#define USER_BITS	47

/* Is @u no user address that is aligned to @align?  The last possible page is a
 * hole, and so is what follows: a look at the first byte will do. */
static inline bool uaccess_bad(const void *u, uintptr_t align)
{
	return (uintptr_t)u & ~((1UL << USER_BITS) - align);
}

/*
 * Do @insns about user memory at %[u], with more operands and with rax to
 * spare.  If one of them faults, go on at label `fault`.
 */
#define UACCESS(insns, user, ...)					\
	__asm__ goto(SMAP_OPEN						\
		     "772:	" insns "\n"				\
		     "773:\n"						\
		     SMAP_CLOSE						\
		     ".pushsection .fixups, \"a\"\n"			\
		     ".quad	772b, 773b, %l[fault]\n"		\
		     ".popsection\n"					\
		     : : [u] "r"(user), __VA_ARGS__			\
		     : "rax", "cc", "memory" : fault)

static inline int user_load32(const uint32_t *u, uint32_t *val)
{
	if (uaccess_bad(u, sizeof(*u)))
		goto fault;
	UACCESS("movl (%[u]), %%eax; movl %%eax, (%[to])", u,
		[to] "r"(val));
	return 0;
fault:
	return -EFAULT;
}

static inline int user_load64(const uint64_t *u, uint64_t *val)
{
	if (uaccess_bad(u, sizeof(*u)))
		goto fault;
	UACCESS("movq (%[u]), %%rax; movq %%rax, (%[to])", u,
		[to] "r"(val));
	return 0;
fault:
	return -EFAULT;
}

static inline int user_store32(uint32_t *u, uint32_t val)
{
	if (uaccess_bad(u, sizeof(*u)))
		goto fault;
	UACCESS("movl %k[val], (%[u])", u,
		[val] "re"(val));
	return 0;
fault:
	return -EFAULT;
}

static inline int user_store64(uint64_t *u, uint64_t val)
{
	if (uaccess_bad(u, sizeof(*u)))
		goto fault;
	UACCESS("movq %q[val], (%[u])", u,
		[val] "re"(val));
	return 0;
fault:
	return -EFAULT;
}

/* x86 keeps the order of stores. */
static inline int user_store_release32(uint32_t *u, uint32_t val)
{
	return user_store32(u, val);
}

/* x86 keeps the order of stores. */
static inline int user_store_release64(uint64_t *u, uint64_t val)
{
	return user_store64(u, val);
}

static inline int user_fetch_add32(uint32_t *u, uint32_t add,
				   uint32_t *old)
{
	if (uaccess_bad(u, sizeof(*u)))
		goto fault;
	UACCESS("movl %k[add], %%eax; lock xaddl %%eax, (%[u]); "
		"movl %%eax, (%[old])", u,
		[add] "re"(add), [old] "r"(old));
	return 0;
fault:
	return -EFAULT;
}

static inline int user_fetch_add64(uint64_t *u, uint64_t add,
				   uint64_t *old)
{
	if (uaccess_bad(u, sizeof(*u)))
		goto fault;
	UACCESS("movq %q[add], %%rax; lock xaddq %%rax, (%[u]); "
		"movq %%rax, (%[old])", u,
		[add] "re"(add), [old] "r"(old));
	return 0;
fault:
	return -EFAULT;
}

static inline int user_swap32(uint32_t *u, uint32_t val,
				   uint32_t *old)
{
	if (uaccess_bad(u, sizeof(*u)))
		goto fault;
	UACCESS("movl %k[val], %%eax; xchgl %%eax, (%[u]); "
		"movl %%eax, (%[old])", u,
		[val] "re"(val), [old] "r"(old));
	return 0;
fault:
	return -EFAULT;
}

static inline int user_swap64(uint64_t *u, uint64_t val,
				   uint64_t *old)
{
	if (uaccess_bad(u, sizeof(*u)))
		goto fault;
	UACCESS("movq %q[val], %%rax; xchgq %%rax, (%[u]); "
		"movq %%rax, (%[old])", u,
		[val] "re"(val), [old] "r"(old));
	return 0;
fault:
	return -EFAULT;
}

static inline int user_cas32(uint32_t *u, uint32_t expected,
			     uint32_t val, bool *done)
{
	if (uaccess_bad(u, sizeof(*u)))
		goto fault;
	UACCESS("movl %k[expected], %%eax; "
		"lock cmpxchgl %k[val], (%[u]); sete (%[done])", u,
		[expected] "re"(expected), [val] "r"(val), [done] "r"(done));
	return 0;
fault:
	return -EFAULT;
}

static inline int user_cas64(uint64_t *u, uint64_t expected,
			     uint64_t val, bool *done)
{
	if (uaccess_bad(u, sizeof(*u)))
		goto fault;
	UACCESS("movq %q[expected], %%rax; "
		"lock cmpxchgq %q[val], (%[u]); sete (%[done])", u,
		[expected] "re"(expected), [val] "r"(val), [done] "r"(done));
	return 0;
fault:
	return -EFAULT;
}

#define UCOPY_IN(at)	"movq " at "(%[u]), %%rax; movq %%rax, " at "(%[k]); "
#define UCOPY_OUT(at)	"movq " at "(%[k]), %%rax; movq %%rax, " at "(%[u]); "

/* Copies of the structs that an event consists of; others by call. */
static inline int copy_from_user(void *dst, const void *u_src, size_t n)
{
	size_t known = __builtin_constant_p(n) ? n : 0;

	if (known != 24 && known != 48)
		return copy_from_user_any(dst, u_src, n);
	if (uaccess_bad(u_src, 1))
		goto fault;
	if (known == 24)
		UACCESS(UCOPY_IN("0") UCOPY_IN("8") UCOPY_IN("16"), u_src,
			[k] "r"(dst));
	else
		UACCESS(UCOPY_IN("0") UCOPY_IN("8") UCOPY_IN("16")
			UCOPY_IN("24") UCOPY_IN("32") UCOPY_IN("40"), u_src,
			[k] "r"(dst));
	return 0;
fault:
	return -EFAULT;
}

static inline int copy_to_user(void *u_dst, const void *src, size_t n)
{
	size_t known = __builtin_constant_p(n) ? n : 0;

	if (known != 16 && known != 24)
		return copy_to_user_any(u_dst, src, n);
	if (uaccess_bad(u_dst, 1))
		goto fault;
	if (known == 16)
		UACCESS(UCOPY_OUT("0") UCOPY_OUT("8"), u_dst, [k] "r"(src));
	else
		UACCESS(UCOPY_OUT("0") UCOPY_OUT("8") UCOPY_OUT("16"), u_dst,
			[k] "r"(src));
	return 0;
fault:
	return -EFAULT;
}
