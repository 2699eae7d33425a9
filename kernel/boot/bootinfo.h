/*
 * bootinfo.h - what the boot loader told us, copied and checked.
 *
 * PVH hands over one physical address.  bootinfo_init() copies all that hangs
 * on it, so that afterwards the memory it lay in is free like any other.
 */
#pragma once

#include "mm/layout.h"

#define BOOT_MAX_RANGES	64
#define BOOT_CMDLINE	1024

/* Physical memory [start, end). */
struct mem_range {
	paddr_t		start;
	paddr_t		end;
};

/* Fixed once bootinfo_init() has returned. */
struct bootinfo {
	/* RAM that nobody uses: whole pages, above the first MiB, without the
	 * kernel and the initramfs; ascending, disjoint. */
	uint32_t	nr_free;
	struct mem_range free[BOOT_MAX_RANGES];

	paddr_t		ram_end;	/* no RAM at or above */
	struct mem_range kernel;	/* the image, with its .bss */
	struct mem_range initramfs;	/* start == end: there is none */
	paddr_t		rsdp;		/* root of the ACPI tables, or 0 */
	char		cmdline[BOOT_CMDLINE];
};

extern struct bootinfo bootinfo;

/*
 * Fill in bootinfo from the hvm_start_info at @start_info.  Panics if it is
 * none, or if it has no memory map.
 *
 * Context: core 0, boot page tables.
 */
void bootinfo_init(paddr_t start_info);

/*
 * Copy the value of @key on the command line, `key=value` or `key="va lue"`,
 * to @buf, at most @len bytes with the NUL.  False, and @buf empty, if the
 * key is not there.
 */
bool bootarg_get(const char *key, char *buf, size_t len);

/* The decimal value of @key, or @fallback if it is absent or no number. */
uint64_t bootarg_number(const char *key, uint64_t fallback);
