/*
 * apic.h - interrupts from one core to another, and from devices to a core.
 *
 * Always x2APIC: identifiers have 32 bits, and each register is an MSR.
 */
#pragma once

#include "abi/types.h"

/* Silence the interrupt controllers of 1981.  Context: core 0, once. */
void apic_init(void);

/*
 * Turn on this core's APIC with all its own sources masked.
 *
 * Context: each core once, interrupts off, after cpu_check().
 */
void apic_init_core(void);

/* This core's number in the hardware. */
uint32_t apic_id(void);

/* This interrupt is handled: let others of its class come. */
void apic_eoi(void);

/*
 * Interrupt core @apicid.  What the caller has stored before is visible to
 * the handler.
 *
 * Context: any.
 */
void apic_send_ipi(uint32_t apicid, uint8_t vector);

/* The same as an NMI, which nothing masks. */
void apic_send_nmi(uint32_t apicid);

/* Reset core @apicid; then have it run real-mode code at @pa, a page below
 * 1 MiB. */
void apic_send_init(uint32_t apicid);
void apic_send_sipi(uint32_t apicid, uint32_t pa);

/*
 * Deliver ISA interrupt @irq as @vector to core @apicid, which must be below
 * 255: the I/O APIC knows no more.
 *
 * Context: core 0, after acpi_init().
 */
void ioapic_route(uint32_t irq, uint8_t vector, uint32_t apicid);
