/*
 * panic.c - what to do when the impossible has happened.
 */
#include "lib/panic.h"

#include "arch/x86/irq.h"
#include "arch/x86/segments.h"
#include "arch/x86/smp.h"
#include "dev/exit.h"
#include "dev/record.h"
#include "lib/string.h"
#include "mm/layout.h"
#include "sync/atomic.h"
#include "sync/percore.h"

#define FRAMES_MAX	24
#define FRAME_SIZE_MAX	8192		/* no function's frame is larger */

/* What -fno-omit-frame-pointer leaves where rbp points. */
struct frame {
	struct frame	*caller;
	uint64_t	return_address;
};

/* The core that panics, + 1.  Atomic; set once. */
static uint32_t panic_core;

/* That core's: */
static char panic_message[256];

bool panicking(void)
{
	/* A core that has not seen it yet is about to be stopped anyway; the
	 * one that panics sees its own store. */
	return read_once(panic_core) == core_id() + 1;
}

/* The return addresses from @f on. */
static void print_frames(const struct frame *f)
{
	for (int i = 0; i < FRAMES_MAX && f; i++) {
		const struct frame *up = f->caller;

		printk(" %lx", f->return_address);
		/* Frames lie upward, close to each other, or are none. */
		if (up <= f || (char *)up - (char *)f > FRAME_SIZE_MAX ||
		    (uint64_t)up % sizeof(uint64_t))
			break;
		f = up;
	}
	printk("\n");
}

void backtrace(void)
{
	printk("backtrace:");
	print_frames(__builtin_frame_address(0));
}

void backtrace_of(uint32_t coreid)
{
	struct smp_stopped at;

	if (!smp_stopped(coreid, &at)) {
		printk("core %u did not stop\n", coreid);
	} else if (at.cs != KERNEL_CS) {
		printk("core %u was in user mode at %lx\n", coreid, at.rip);
	} else {
		printk("core %u backtrace: %lx", coreid, at.rip);
		/* In assembly, rbp may be anybody's. */
		print_frames(at.rsp >= DIRECT_BASE &&
			     at.rbp - at.rsp < FRAME_SIZE_MAX ?
			     (struct frame *)at.rbp : NULL);
	}
}

void panic(const char *fmt, ...)
{
	va_list args;

	irq_disable();
	if (panicking())
		machine_panic_exit();	/* in the middle of telling */
	if (!atomic_cas(&panic_core, 0, core_id() + 1))
		smp_halt();		/* another core was first */
	smp_stop_others();

	va_start(args, fmt);
	vsnprintk(panic_message, sizeof(panic_message), fmt, args);
	va_end(args);
	printk("\npanic on core %u: %s\n", core_id(), panic_message);
	backtrace();
	for (char *c = panic_message; *c; c++) {
		if (*c == '"')
			*c = '\'';
		else if (*c < ' ')
			*c = ' ';
	}
	record("panic", "what=\"%s\"", panic_message);
	percore()->locks = 0;	/* what we held, we hold no more */
	panic_monitor();
	machine_panic_exit();
}
