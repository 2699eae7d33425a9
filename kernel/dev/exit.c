/*
 * exit.c - ways to end the machine.
 *
 * QEMU's isa-debug-exit device ends QEMU with a status of our choice.  It does
 * so in its own time, while we wait.  Without it the machine is powered off.
 */
#include "dev/exit.h"

#include "arch/x86/acpi.h"
#include "arch/x86/smp.h"
#include "arch/x86/x86.h"
#include "dev/record.h"

#define DEBUG_EXIT	0xf4
#define NO_DEVICE	0xff		/* a port reads so if nobody is there */

#define EXIT_OK		0x10
#define EXIT_PANIC	0x11
#define EXIT_STATUS	0x20		/* + status */
#define STATUS_MAX	95

#define PM1_SLEEP	(1 << 13)	/* with QEMU's type 0: power off */

#define KEYBOARD	0x64
#define KEYBOARD_RESET	0xfe

static void machine_end(uint8_t code) __attribute__((noreturn));

static void machine_end(uint8_t code)
{
	if (inb(DEBUG_EXIT) != NO_DEVICE)
		outb(DEBUG_EXIT, code);
	else if (acpi.pm1_control)
		outw(acpi.pm1_control, PM1_SLEEP);
	smp_halt();
}

void machine_exit(int status)
{
	record("bye", "status=%d", status);
	if (!status)
		machine_end(EXIT_OK);
	if (status < 0 || status > STATUS_MAX)
		status = STATUS_MAX;
	machine_end((uint8_t)(EXIT_STATUS + status));
}

void machine_panic_exit(void)
{
	machine_end(EXIT_PANIC);
}

void machine_reboot(void)
{
	struct table_register none = { 0 };

	record("bye", "status=0");	/* else it looks like a triple fault */
	outb(KEYBOARD, KEYBOARD_RESET);
	/* Should that not have helped: a fault that cannot be handled, inside
	 * a fault that cannot be handled, resets the processor. */
	lidt(&none);
	__builtin_trap();
}
