/*
 * elf.h - programs: static ELF files for x86-64.
 */
#pragma once

#include "abi/types.h"

struct aspace;

/*
 * Put the program @image of @len bytes where it wants to be in @as, and give
 * the address of its first instruction.  -ENOEXEC: not a program for us, with
 * memory that is writable and executable, or damaged; -ENOMEM.  After an
 * error, @as is good for aspace_destroy() only.
 *
 * Context: as for aspace_map_anon(); @as need not be loaded.
 */
int elf_load(struct aspace *as, const void *image, size_t len,
	     uintptr_t *entry);
