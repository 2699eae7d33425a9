/*
 * acpi.h - what the firmware's tables say about the machine.
 */
#pragma once

#include "mm/layout.h"

#define ISA_IRQS	16

/* How an ISA interrupt reaches the I/O APIC. */
struct isa_route {
	uint32_t	gsi;
	uint16_t	flags;		/* as in the MADT: polarity, trigger */
};

/* Fixed once acpi_init() has returned. */
struct acpi {
	uint32_t	nr_cores;
	uint32_t	apicids[MAX_CORES];	/* in the MADT's order */
	paddr_t		ioapic;		/* registers; 0: none found */
	uint32_t	gsi_base;	/* of its first pin */
	struct isa_route isa[ISA_IRQS];
	uint16_t	pm_timer;	/* its port; 0: none */
	uint16_t	pm1_control;	/* port that powers off; 0: none */
};

extern struct acpi acpi;

/*
 * Read the tables that hang on @rsdp.  Panics without a good MADT; what else
 * is missing is left zero.
 *
 * Context: core 0, boot page tables: the tables lie in the first 4 GiB.
 */
void acpi_init(paddr_t rsdp);
