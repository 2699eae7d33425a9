/*
 * uart.h - two serial ports: COM1 is the console, COM2 carries records.
 *
 * Output waits for the port, but not forever, and only once: a console that
 * nobody reads costs characters, never the machine.
 */
#pragma once

#include "abi/types.h"

/* Set up both ports, input off.  Context: core 0, first of all. */
void uart_init(void);

/* Have COM1 interrupt for each byte that comes.  Context: core 0, once
 * ISA_IRQ_COM1 is routed to VEC_UART. */
void uart_input_on(void);

#define ISA_IRQ_COM1	4

/* Write to the console, all of it together.  Context: any; takes the console
 * lock, except in a panic. */
void uart_write(const char *buf, size_t len);

/* Write to COM2.  Context: the caller sees to it that nobody else does. */
void uart_write_record(const char *buf, size_t len);

/* Take what COM1 has received.  Context: VEC_UART on core 0. */
void uart_interrupt(void);

/* The next byte of input, or -1 if there is none now.  Context: any; one
 * caller at a time. */
int uart_getc(void);
