/*
 * context.h - the registers of user mode, and how they come and go.
 *
 * The registers lie on the kernel stack, where the entry code left them (a
 * frame); in core->room, once that stack is wanted for something else; and in
 * the process, when someone else may continue them.  FPU state stays in the
 * core until that third step: the kernel does not use it.
 */
#pragma once

#include "abi/context.h"

/* Copy what entry.S left on the stack at @frame: of a context what its kind
 * keeps, but FS base and FPU, which are still live.  Context: the core that
 * took the trap. */
void context_from_frame(struct context *ctx, const struct context *frame);

/* Copy @ctx to @dst with what is still live in this core: FS base, and of the
 * FPU what its kind keeps. */
void context_save(struct context *dst, const struct context *ctx);

/*
 * Make @ctx this core's to continue: @dst gets its general registers, the FPU
 * and FS base are loaded.  Whatever @ctx holds, what is loaded cannot fault or
 * gain privilege; but -EINVAL if its rip is not user memory.
 */
int context_load(struct context *dst, const struct context *ctx);

/* @ctx becomes a fresh start at @entry with @stack, @tls as FS base (loaded),
 * @arg in rdi, everything else clean.  @wipe: the FPU holds another process's
 * values.  -EINVAL if the addresses are not user memory. */
int context_start(struct context *ctx, uint64_t entry, uint64_t stack,
		  uint64_t tls, uint64_t arg, bool wipe);

/* @ctx, not loaded, becomes the beginning of a program at @entry. */
void context_init(struct context *ctx, uint64_t entry, uint64_t stack);

/* Go to user mode with @ctx.  Context: interrupts off, its address space. */
void context_enter(const struct context *ctx) __attribute__((noreturn));

/* Save this stack's registers and position to *@rsp, then run @fn on the
 * empty stack below @top.  Returns when someone continues *@rsp. */
void kstack_switch(uint64_t *rsp, uintptr_t top, void (*fn)(void));

/* Continue what kstack_switch() stopped. */
void kstack_continue(uint64_t rsp) __attribute__((noreturn));

/* Run @fn on the empty stack below @top, forgetting this one. */
void kstack_start(uintptr_t top, void (*fn)(void)) __attribute__((noreturn));

/* Prepare the system call instruction of this core. */
void syscall_init_core(void);
