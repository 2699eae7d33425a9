/*
 * fixup.c - where to go on after an access to user memory that failed.
 */
#include "mm/usercopy.h"

/* Instructions [begin, end) may fault; then go on at @target. */
struct fixup {
	uintptr_t	begin;
	uintptr_t	end;
	uintptr_t	target;
};

/* Section .fixups, from kernel.ld. */
extern const struct fixup fixups_start[], fixups_end[];

bool usercopy_fixup(uintptr_t rip, uintptr_t *new_rip)
{
	for (const struct fixup *f = fixups_start; f < fixups_end; f++) {
		if (rip < f->begin || rip >= f->end)
			continue;
		*new_rip = f->target;
		return true;
	}
	return false;
}
