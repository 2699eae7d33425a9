/*
 * exit.h - ways to end the machine.  Context: any.
 */
#pragma once

/*
 * Write the `bye` record and end QEMU: its exit status is 33 for @status 0,
 * else 65 + 2 * @status, which tools/qemu turns back.
 */
void machine_exit(int status) __attribute__((noreturn));

/* End QEMU with the exit status that says "panic", 35. */
void machine_panic_exit(void) __attribute__((noreturn));

/* Write the `bye` record and start over; with -no-reboot, QEMU ends with 0. */
void machine_reboot(void) __attribute__((noreturn));
