/*
 * monitor.h - look at the kernel while it stands still: ^P on the console.
 */
#pragma once

/*
 * Read commands from the console and answer them, until `continue`.  Only
 * looks; `trace` and `halt` are asked for by name.
 *
 * Context: routine message on core 0, no locks.  The other cores run on.
 */
void monitor(void);

/* Context: kmain(), before console interrupts. */
void monitor_init(void);
