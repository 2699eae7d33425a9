/*
 * tls.h - thread-local storage: one block for each uthread and each vcore.
 *
 * Static TLS of x86-64, "variant II": a block is the program's initial image
 * of __thread variables, and right above it, where the FS base points, the
 * thread control block.  Vcore context has its own block, so a __thread
 * variable has one copy for each uthread and one for each vcore.
 */
#pragma once

#include "abi/types.h"

/* Begins where the FS base points. */
struct tcb {
	struct tcb	*self;		/* compilers read %fs:0 */
	uint32_t	in_vcore;	/* is this a vcore's block? */
	uint32_t	vcoreid;	/* whose; or who runs the uthread */
	uint32_t	notif_depth;	/* disable_notifs() without enable */
	uint32_t	passed_over;	/* meanwhile: see uthread_is_pinned() */
	struct uthread	*uthread;	/* whose; null for a vcore's */
};

/* Bytes that a block needs, at any alignment of the memory given for it. */
size_t tls_size(void);

/*
 * Make a block in the last bytes of [@mem, @mem + @size) and return its control
 * block, all zero but for `self`.  @size is at least tls_size(); what is left
 * below the block is free: `tls_bottom(tcb)` is where that ends.
 */
struct tcb *tls_init(void *mem, size_t size);

/* The lowest byte that the block of @tcb uses, aligned to 16. */
void *tls_bottom(struct tcb *tcb);

/* The control block of whoever calls.  Never keep it across a switch between
 * uthread and vcore context. */
struct tcb *tcb_self(void);

/* Make @tcb the caller's. */
void tls_switch(struct tcb *tcb);
