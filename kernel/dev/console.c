/*
 * console.c - the terminal.
 *
 * The interrupt only takes bytes from the port and sends core 0 a message; the
 * message sorts them, for sending a signal is nothing that an interrupt may do.
 */
#include "dev/console.h"

#include "abi/errno.h"
#include "abi/signal.h"
#include "core/kmsg.h"
#include "core/core.h"
#include "core/wait.h"
#include "dev/file.h"
#include "dev/monitor.h"
#include "dev/uart.h"
#include "event/event.h"
#include "proc/proc.h"
#include "sync/atomic.h"

#define CTRL_C		0x03
#define CTRL_P		0x10
#define INPUT_MAX	4096		/* a power of two; what one may paste */

/* wait_lock: */
static struct waitq readers;
static char input[INPUT_MAX];
static uint32_t input_head, input_tail;	/* only grow; tail - head bytes */

/* Own synchronization: */
static struct kmsg arrived;		/* to core 0 */
static uint32_t foreground;		/* atomic; a pid */

static void console_signal(void)
{
	struct proc *p = proc_lookup(read_once(foreground));

	if (!p)
		return;
	if (!send_posix_signal(p, SIGINT))
		proc_destroy(p, W_STATUS(0, SIGINT));
	proc_put(p);
}

/* What was typed before ^C, and not read yet, is not meant any more. */
static void console_forget(void)
{
	uint64_t flags = wait_lock_irqsave();

	input_head = input_tail;
	file_console_changed();
	wait_unlock_irqrestore(flags);
}

/* Keep @c for a reader; too many are lost, newest first. */
static void console_keep(char c)
{
	uint64_t flags = wait_lock_irqsave();

	if (input_tail - input_head < INPUT_MAX)
		input[input_tail++ % INPUT_MAX] = c;
	waitq_wake(&readers);
	file_console_changed();
	wait_unlock_irqrestore(flags);
}

static void console_arrived(struct kmsg *msg)
{
	int c;

	while ((c = uart_getc()) >= 0) {
		if (c == CTRL_P) {
			monitor();
		} else if (c == CTRL_C && read_once(foreground)) {
			console_forget();
			console_signal();
		} else {
			console_keep(c);
		}
	}
}

void console_interrupt(void)
{
	uart_interrupt();
	kmsg_send(0, &arrived);
}

bool console_readable(void)
{
	return input_head != input_tail;
}

int console_read(char *buf, size_t len, uint64_t *flags)
{
	size_t n = 0;
	int err = 0;

	while (!console_readable() && !err)
		err = waitq_sleep(&readers, flags);
	while (!err && n < len && console_readable())
		buf[n++] = input[input_head++ % INPUT_MAX];
	return err ? err : (int)n;
}

void console_write(const char *buf, size_t len)
{
	uart_write(buf, len);
}

/* Is there nobody else to say who comes after process @now? */
static bool may_follow(struct proc *p, uint32_t now)
{
	struct proc *fg = proc_lookup(now);
	struct proc *parent = fg ? proc_lookup(fg->ppid) : NULL;
	bool may = !fg || fg == p || parent == p || (fg->ppid && !parent);

	if (parent)
		proc_put(parent);
	if (fg)
		proc_put(fg);
	return may;
}

int console_set_foreground(struct proc *p, uint32_t pid)
{
	uint32_t now = read_once(foreground);

	return may_follow(p, now) && atomic_cas32(&foreground, now, pid) ?
		0 : -EPERM;
}

void console_init(void)
{
	waitq_init(&readers);
	kmsg_init(&arrived, KMSG_ROUTINE, console_arrived);
}
