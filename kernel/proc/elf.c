/*
 * elf.c - programs: static ELF files for x86-64.
 *
 * The image may come from anybody: each number in it is checked before it is
 * used, and what two segments claim, the address space refuses.
 */
#include "proc/elf.h"

#include "abi/errno.h"
#include "abi/proc.h"
#include "lib/string.h"
#include "mm/aspace.h"

#define ELF_MAGIC	"\177ELF\2\1\1"	/* 64 bits, little endian, version 1 */
#define ET_EXEC		2
#define EM_X86_64	62
#define PT_LOAD		1
#define PT_INTERP	3
#define PF_X		1
#define PF_W		2

/* A linker makes four or five. */
#define MAX_SEGMENTS	32

struct elf_header {
	char		ident[16];
	uint16_t	type;
	uint16_t	machine;
	uint32_t	version;
	uint64_t	entry;
	uint64_t	phoff;
	uint64_t	shoff;
	uint32_t	flags;
	uint16_t	ehsize;
	uint16_t	phentsize;
	uint16_t	phnum;
	uint16_t	shentsize;
	uint16_t	shnum;
	uint16_t	shstrndx;
};

struct elf_segment {
	uint32_t	type;
	uint32_t	flags;
	uint64_t	offset;
	uint64_t	vaddr;
	uint64_t	paddr;
	uint64_t	filesz;
	uint64_t	memsz;
	uint64_t	align;
};

_Static_assert(sizeof(struct elf_header) == 64, "as the standard says");
_Static_assert(sizeof(struct elf_segment) == 56, "as the standard says");

static bool header_ok(const struct elf_header *h, size_t len)
{
	return !memcmp(h->ident, ELF_MAGIC, 7) && h->type == ET_EXEC &&
	       h->machine == EM_X86_64 &&
	       h->phentsize == sizeof(struct elf_segment) &&
	       h->phnum && h->phnum <= MAX_SEGMENTS && h->phoff <= len &&
	       len - h->phoff >= h->phnum * sizeof(struct elf_segment);
}

/* Are its bytes in the file, and its memory a user's, below the mmap area? */
static bool segment_ok(const struct elf_segment *s, size_t len)
{
	return s->offset <= len && s->filesz <= len - s->offset &&
	       s->filesz <= s->memsz && s->vaddr >= USER_LOW &&
	       s->vaddr < MMAP_TOP && s->memsz <= MMAP_TOP - s->vaddr;
}

static int load_segment(struct aspace *as, const struct elf_segment *s,
			const char *image)
{
	uintptr_t start = s->vaddr & -PAGE_SIZE;
	unsigned int prot = PROT_READ;
	int err;

	if (s->flags & PF_W)
		prot |= PROT_WRITE;
	if (s->flags & PF_X)
		prot |= PROT_EXEC;
	/* What the file does not fill stays zero, as all of it is at first. */
	err = aspace_map_anon(as, &start, s->vaddr + s->memsz - start, prot);
	if (!err)
		err = aspace_write(as, s->vaddr, image + s->offset, s->filesz);
	return err == -ENOMEM ? err : err ? -ENOEXEC : 0;
}

int elf_load(struct aspace *as, const void *image, size_t len,
	     uintptr_t *entry)
{
	struct elf_header h;
	struct elf_segment s;
	bool entry_found = false;
	int err;

	if (len < sizeof(h))
		return -ENOEXEC;
	memcpy(&h, image, sizeof(h));
	if (!header_ok(&h, len))
		return -ENOEXEC;
	for (uint16_t i = 0; i < h.phnum; i++) {
		memcpy(&s, (const char *)image + h.phoff + i * sizeof(s),
		       sizeof(s));
		if (s.type == PT_INTERP)
			return -ENOEXEC;
		if (s.type != PT_LOAD || !s.memsz)
			continue;
		if (!segment_ok(&s, len))
			return -ENOEXEC;
		err = load_segment(as, &s, image);
		if (err)
			return err;
		if (s.flags & PF_X && h.entry >= s.vaddr &&
		    h.entry - s.vaddr < s.memsz)
			entry_found = true;
	}
	*entry = h.entry;
	return entry_found ? 0 : -ENOEXEC;
}
