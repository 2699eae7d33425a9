/*
 * tls.c - lay out thread-local storage.
 *
 * From low to high: the image of initialized variables, zeroes for the others,
 * then the control block, whose address is the FS base.  The compiler reaches
 * a variable at a negative offset from it that the linker computed from the
 * same size and alignment; so the control block must have that alignment.
 */
#include "tls.h"

#include "string.h"

/* From user.ld; the address of such a symbol is its value. */
extern const char tls_image[], tls_image_size[], tls_align[], tls_block_size[];

static uintptr_t align_up(uintptr_t value, uintptr_t align)
{
	return (value + align - 1) & -align;
}

static uintptr_t tcb_align(void)
{
	uintptr_t align = (uintptr_t)tls_align;

	return align > _Alignof(struct tcb) ? align : _Alignof(struct tcb);
}

/* The variables, rounded up so that the control block is aligned. */
static size_t vars_size(void)
{
	return align_up((size_t)tls_block_size, tcb_align());
}

size_t tls_size(void)
{
	return vars_size() + sizeof(struct tcb) + tcb_align();
}

struct tcb *tls_init(void *mem, size_t size)
{
	uintptr_t end = (uintptr_t)mem + size - sizeof(struct tcb);
	struct tcb *tcb = (struct tcb *)(end & -tcb_align());
	char *vars = (char *)tcb - vars_size();

	memset(vars, 0, vars_size() + sizeof(*tcb));
	memcpy((char *)tcb - align_up((size_t)tls_block_size,
				      (uintptr_t)tls_align),
	       tls_image, (size_t)tls_image_size);
	tcb->self = tcb;
	return tcb;
}

void *tls_bottom(struct tcb *tcb)
{
	return (void *)(((uintptr_t)tcb - vars_size()) & ~15UL);
}

struct tcb *tcb_self(void)
{
	struct tcb *tcb;

	/* Volatile: after a switch the same instruction gives another. */
	__asm__ volatile("movq %%fs:0, %0" : "=r"(tcb));
	return tcb;
}

void tls_switch(struct tcb *tcb)
{
	__asm__ volatile("wrfsbase %0" : : "r"(tcb) : "memory");
}
