/*
 * restart.h - the way back to user mode, when it is not a plain return.
 *
 * core_loop(), declared in core/core.h, is defined here.
 */
#pragma once

struct core;

/* Prepare a core's own messages.  Context: kmain(), before it takes any. */
void restart_init_core(struct core *core);
