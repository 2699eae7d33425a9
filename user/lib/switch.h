/* switch.h - what context.S does: change stacks, registers, thread pointer. */
#pragma once

#include "abi/context.h"

/* What context.S must know of C; switch.c compares. */
#define SWITCH_VCPD_BASE	0x00007f0001001000	/* of vcore 0 */
#define SWITCH_VCPD_SHIFT	11			/* log2 of bytes */
#define SWITCH_FLAGS		24
#define SWITCH_STEALING		4
#define SWITCH_NOTIF_PENDING	28
#define SWITCH_NOTIF_DISABLED	32
#define SWITCH_SC_NUM		0
#define SWITCH_SC_FLAGS		4
#define SWITCH_SC_ARG		8
#define SWITCH_SC_SIZE		80
#define SWITCH_SELF_NOTIFY	14
#define SWITCH_FXSAVE_FCW	0
#define SWITCH_FXSAVE_MXCSR	24

/* What stands on a uthread's stack while it leaves vcore context: see there. */
#define SWITCH_RED_ZONE		128
#define SWITCH_FPU_BELOW	(8 * 8 + 512)	/* below the three words */
#define SWITCH_FPU_ALIGN	-64

#ifndef __ASSEMBLER__

struct vcpd;
struct syscall;

/* The SYSCALL instruction, with @sc where the kernel looks for it. */
void syscall_trap(struct syscall *sc);

/*
 * From vcore context, load @ctx and go on there, notifications enabled.
 *
 * @vcpd is this vcore's.  The stack of @ctx needs 1 KiB below its red zone.
 * @ctx may lie in @vcpd: all of it is read before notifications are enabled.
 */
void context_restore(struct context *ctx, struct vcpd *vcpd)
	__attribute__((noreturn));

/*
 * If the kernel has interrupted @ctx in context_restore(), finish what that had
 * begun; else leave @ctx as it is.  (What Linux calls a restartable sequence is
 * rolled back; this one is rolled forward.)
 *
 * Context: vcore; @ctx is ours, and nothing stands below its stack pointer yet.
 */
void context_finish(struct context *ctx);

/* Places in context_restore() from which on there is something else to finish:
 * for context_finish(), and for its test. */
extern const char switch_enable[], switch_saved[], switch_notified[],
		  switch_leave[], switch_popfq[], switch_ret[];

/*
 * Save the caller, a uthread with notifications masked, to @save as CTX_SW;
 * then call @fn(@arg) on the stack below @stack with FS base @fs_base.  Returns
 * to the caller when somebody restores @save.  @fn does not return.
 */
void context_save_and_call(struct context *save, uint64_t stack,
			   uint64_t fs_base, void (*fn)(void *arg), void *arg);

/* Make @ctx a CTX_SW that will call @fn() on the stack below @stack. */
void context_init(struct context *ctx, uint64_t stack, uint64_t fs_base,
		  void (*fn)(void));

/* Call @fn(@arg) on the stack below @stack and forget the one in use. */
void stack_call(uint64_t stack, void (*fn)(void *arg), void *arg)
	__attribute__((noreturn));

#endif
