/*
 * record.c - what happened, in lines for machines, on the second serial port.
 */
#include "dev/record.h"

#include "dev/uart.h"
#include "lib/crc32.h"
#include "lib/panic.h"
#include "sync/percore.h"
#include "sync/spinlock.h"

static struct spinlock record_lock = SPINLOCK_INIT("record", RANK_CONSOLE);

/* record_lock: */
static uint32_t record_seq;
static char record_line[RECORD_MAX + 64];

static void record_locked(const char *kind, const char *payload)
{
	const size_t room = sizeof(record_line) - sizeof(" *01234567\n");
	size_t len;

	len = snprintk(record_line, room, "@ev6 %u %u %s %s", record_seq,
		       core_id(), kind, payload);
	if (len >= room)
		len = room - 1;
	record_seq++;
	len += snprintk(record_line + len, sizeof(record_line) - len,
			" *%08x\n", crc32(record_line, len));
	uart_write_record(record_line, len);
}

void record(const char *kind, const char *fmt, ...)
{
	char payload[RECORD_MAX];
	va_list args;
	uint64_t flags;

	va_start(args, fmt);
	vsnprintk(payload, sizeof(payload), fmt, args);
	va_end(args);
	if (panicking()) {
		/* A core may have been stopped in the middle of a line. */
		uart_write_record("\n", 1);
		record_locked(kind, payload);
		return;
	}
	flags = spin_lock_irqsave(&record_lock);
	record_locked(kind, payload);
	spin_unlock_irqrestore(&record_lock, flags);
}
