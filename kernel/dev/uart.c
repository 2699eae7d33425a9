/*
 * uart.c - two serial ports: COM1 is the console, COM2 carries records.
 */
#include "dev/uart.h"

#include "arch/x86/x86.h"
#include "lib/panic.h"
#include "sync/atomic.h"
#include "sync/spinlock.h"

#define COM1		0x3f8
#define COM2		0x2f8

/* Registers of the 16550, from its first port. */
#define UART_DATA	0
#define UART_IER	1		/* interrupt enable */
#define UART_FCR	2		/* FIFO control */
#define UART_LCR	3		/* line control */
#define UART_MCR	4		/* modem control */
#define UART_LSR	5		/* line status */

#define IER_INPUT	0x01
#define FCR_ENABLE	0x07		/* on, and both cleared */
#define LCR_8N1		0x03
#define LCR_DIVISOR	0x80		/* data and IER are the divisor now */
#define MCR_READY	0x0b		/* DTR, RTS, and interrupts out */
#define LSR_INPUT	0x01
#define LSR_CAN_SEND	0x20

/* About a second: each look at a port costs some 0.5 us. */
#define SEND_TRIES	2000000

#define RING_SIZE	256

/* Each under its writers' lock. */
struct port {
	uint16_t	base;		/* fixed */
	bool		stuck;		/* would not take the last byte */
};

static struct port console_port = { .base = COM1 };
static struct port record_port = { .base = COM2 };

/*
 * Input on its way: the interrupt on core 0 puts, one reader takes.  Each
 * index is written by one side only, and only grows.  When the ring is full,
 * the interrupt says so and leaves the rest in the port; the reader, once it
 * has emptied the ring, takes the word back and asks for the interrupt anew.
 */
static struct {
	uint8_t		bytes[RING_SIZE];
	uint32_t	put;		/* interrupt [uart-ring] */
	uint32_t	taken;		/* reader [uart-ring] */
	bool		full;		/* bytes wait in the port itself */
} ring;

static struct spinlock console_lock = SPINLOCK_INIT("console", RANK_CONSOLE);

static void port_init(uint16_t port)
{
	outb(port + UART_IER, 0);
	outb(port + UART_LCR, LCR_DIVISOR);
	outb(port + UART_DATA, 1);	/* 115200 baud */
	outb(port + UART_IER, 0);
	outb(port + UART_LCR, LCR_8N1);
	outb(port + UART_FCR, FCR_ENABLE);
	outb(port + UART_MCR, MCR_READY);
}

/* Write what @port takes, and drop the rest.  One that is stuck is not waited
 * for again: each of many writers would have the lock for as long. */
static void port_write(struct port *port, const char *buf, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		int tries = port->stuck ? 1 : SEND_TRIES;

		while (!(inb(port->base + UART_LSR) & LSR_CAN_SEND) && --tries)
			continue;
		port->stuck = !tries;
		if (port->stuck)
			return;
		outb(port->base + UART_DATA, (uint8_t)buf[i]);
	}
}

void uart_init(void)
{
	port_init(COM1);
	port_init(COM2);
}

void uart_input_on(void)
{
	/* Off first: bytes that wait already then raise the line anew, and it
	 * is the edge that counts. */
	outb(COM1 + UART_IER, 0);
	outb(COM1 + UART_IER, IER_INPUT);
}

void uart_write(const char *buf, size_t len)
{
	uint64_t flags;

	if (panicking()) {
		port_write(&console_port, buf, len);
		return;
	}
	flags = spin_lock_irqsave(&console_lock);
	port_write(&console_port, buf, len);
	spin_unlock_irqrestore(&console_lock, flags);
}

void uart_write_record(const char *buf, size_t len)
{
	port_write(&record_port, buf, len);
}

void uart_interrupt(void)
{
	while (inb(COM1 + UART_LSR) & LSR_INPUT) {
		uint32_t put = ring.put;

		/* The reader out of the slot before the next byte in.  Pairs
		 * with store_release() in dev/uart.c:uart_getc()
		 * [uart-ring]. */
		if (put - load_acquire(&ring.taken) == RING_SIZE) {
			/* Whoever sends to a full port waits. */
			write_once(ring.full, true);
			return;
		}
		ring.bytes[put % RING_SIZE] = inb(COM1 + UART_DATA);
		/* Byte before index.  Pairs with load_acquire() in
		 * dev/uart.c:uart_getc() [uart-ring]. */
		store_release(&ring.put, put + 1);
	}
}

int uart_getc(void)
{
	uint32_t taken = ring.taken;
	int byte;

	/* Index before byte.  Pairs with store_release() in
	 * dev/uart.c:uart_interrupt() [uart-ring]. */
	if (taken == load_acquire(&ring.put)) {
		if (read_once(ring.full)) {
			write_once(ring.full, false);
			uart_input_on();
		}
		return -1;
	}
	byte = ring.bytes[taken % RING_SIZE];
	/* Byte before the slot is free.  Pairs with load_acquire() in
	 * dev/uart.c:uart_interrupt() [uart-ring]. */
	store_release(&ring.taken, taken + 1);
	return byte;
}
