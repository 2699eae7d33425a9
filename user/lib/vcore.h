/*
 * vcore.h - cores as a process sees them, and the two contexts on each.
 *
 * Vcore context is the user's interrupt handler: its own stack from the top,
 * its own TLS, notifications masked.  It begins at vcore_main(), handles
 * events, and asks the scheduler what to run; it ends in a uthread or in
 * vcore_yield().  Nothing that runs there may block.
 */
#pragma once

#include "abi/proc.h"

#define procinfo	((const struct procinfo *)PROCINFO_VA)
#define procdata	((struct procdata *)PROCDATA_VA)

static inline struct vcpd *vcpd_of(uint32_t vcoreid)
{
	return &procdata->vcpd[vcoreid];
}

/* The vcore that runs the caller.  In a uthread with notifications enabled it
 * is a hint only.  Context: any. */
uint32_t vcore_id(void);

/* How many vcores are online, and below what all vcoreids are. */
uint32_t num_vcores(void);
uint32_t max_vcores(void);

bool in_vcore_context(void);

/* Vcore context, or a uthread after disable_notifs(): may the caller not be
 * taken into vcore context, and not block? */
bool notifs_masked(void);
bool vcore_is_mapped(uint32_t vcoreid);

/*
 * Ask for @n cores in all, or for @n more.  A single-core process becomes a
 * many-core one; its vcore 0 goes on wherever the kernel grants a core.  The
 * cores come when the kernel has them: the first entry of each vcore is the
 * news.
 *
 * Returns 0, -EINVAL for more than max_vcores() or for none, -ENOMEM without
 * memory for a stack, -EBUSY if a single-core process has masked notifications.
 *
 * Context: uthread; any if many-core already.
 */
int vcore_request_total(uint32_t n);
int vcore_request_more(uint32_t n);

/*
 * Give this vcore's core back.  @being_nice: only if the kernel has warned this
 * vcore.  Otherwise the process wants one core less from now on.
 * Messages that came in first are handled.
 *
 * Returns if the kernel refused or something came (but not into a handler: then
 * the vcore starts over); a later start is an entry at vcore_main().
 *
 * Context: vcore; the caller has no current uthread.
 */
void vcore_yield(bool being_nice);

/*
 * Go on with @entry_func on this vcore's stack, from the top.
 *
 * For a handler that does not return.  Messages behind it are not lost: they
 * are looked at again when the vcore runs a uthread or yields, and by any
 * handle_events() before.
 *
 * Context: vcore.
 */
void vcore_reenter(void (*entry_func)(void)) __attribute__((noreturn));

/* Where the kernel starts a vcore, and the C that it calls. */
void vcore_entry(void);
void vcore_main(uint32_t vcoreid) __attribute__((noreturn));

/*
 * Let @fn decide what runs, in place of the scheduler: it is called in vcore
 * context after events are handled, and again whenever it returns.  Null: the
 * scheduler again.  The uthread that was interrupted, if any, is
 * current_uthread(); run_current_uthread() continues it.
 */
void vcore_set_entry(void (*fn)(void));

/*
 * Mask and unmask notifications in a uthread; they nest, and in vcore context
 * they do nothing.  While masked the uthread stays on its vcore and must not
 * block; a notification that came meanwhile is taken by the last enable.
 */
void disable_notifs(void);
void enable_notifs(void);

/*
 * Leave vcore context for @ctx, every register of it.
 *
 * The vcore unmasks on the way; if a message came first, the context is
 * entered and interrupted at once.  Context: vcore.
 */
void vcore_run_context(struct context *ctx) __attribute__((noreturn));

/* Set by the scheduler when the program asks for cores: how many it may ask
 * for by itself.  See uthread_set_max_vcores(). */
uint32_t vcore_limit(void);
void vcore_set_limit(uint32_t n);

/* A stack of @size bytes with a guard page below: its lowest byte, or null. */
void *stack_alloc(size_t size);

/* Set up the runtime and run main(): start.S comes here. */
void runtime_start(void) __attribute__((noreturn));
