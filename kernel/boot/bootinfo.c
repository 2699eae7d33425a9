/*
 * bootinfo.c - what the boot loader told us, copied and checked.
 *
 * The format is Xen's "HVM start info", as PVH boot defines it.
 */
#include "boot/bootinfo.h"

#include "lib/panic.h"
#include "lib/string.h"

#define START_MAGIC	0x336ec578
#define MEMMAP_RAM	1

/* Below the first MiB live the firmware and the cores' trampoline. */
#define LOW_MEMORY	0x100000

struct hvm_start_info {
	uint32_t	magic;
	uint32_t	version;
	uint32_t	flags;
	uint32_t	nr_modules;
	uint64_t	modlist_paddr;
	uint64_t	cmdline_paddr;
	uint64_t	rsdp_paddr;
	/* From version 1 on: */
	uint64_t	memmap_paddr;
	uint32_t	memmap_entries;
	uint32_t	reserved;
};

struct hvm_module {
	uint64_t	paddr;
	uint64_t	size;
	uint64_t	cmdline_paddr;
	uint64_t	reserved;
};

struct hvm_memmap_entry {
	uint64_t	addr;
	uint64_t	size;
	uint32_t	type;
	uint32_t	reserved;
};

extern char kernel_start[], kernel_end[];

struct bootinfo bootinfo;

static void free_insert(struct bootinfo *bi, uint32_t at, paddr_t start,
			paddr_t end)
{
	if (bi->nr_free == BOOT_MAX_RANGES)
		panic("memory map with more than %u pieces", BOOT_MAX_RANGES);
	memmove(&bi->free[at + 1], &bi->free[at],
		(bi->nr_free - at) * sizeof(bi->free[0]));
	bi->free[at].start = start;
	bi->free[at].end = end;
	bi->nr_free++;
}

static void free_delete(struct bootinfo *bi, uint32_t at)
{
	bi->nr_free--;
	memmove(&bi->free[at], &bi->free[at + 1],
		(bi->nr_free - at) * sizeof(bi->free[0]));
}

/* Add the whole pages of [start, end), keeping the order. */
static void free_add(struct bootinfo *bi, paddr_t start, paddr_t end)
{
	uint32_t at = 0;

	start = (start + PAGE_SIZE - 1) & -PAGE_SIZE;
	end &= -PAGE_SIZE;
	if (start >= end)
		return;
	while (at < bi->nr_free && bi->free[at].start < start)
		at++;
	free_insert(bi, at, start, end);
}

/* Take away every page that [start, end) touches. */
static void free_cut(struct bootinfo *bi, paddr_t start, paddr_t end)
{
	start &= -PAGE_SIZE;
	end = (end + PAGE_SIZE - 1) & -PAGE_SIZE;
	for (uint32_t i = 0; i < bi->nr_free; i++) {
		struct mem_range *r = &bi->free[i];
		paddr_t old_end = r->end;

		if (end <= r->start || start >= r->end)
			continue;
		r->end = start > r->start ? start : r->start;
		if (end < old_end)
			free_insert(bi, i + 1, end, old_end);
		if (r->start == r->end)
			free_delete(bi, i--);
	}
}

static void bootinfo_memory(struct bootinfo *bi,
			    const struct hvm_start_info *info)
{
	const struct hvm_memmap_entry *map = pa_to_va(info->memmap_paddr);

	for (uint32_t i = 0; i < info->memmap_entries; i++) {
		paddr_t end = map[i].addr + map[i].size;

		if (map[i].type != MEMMAP_RAM || end < map[i].addr)
			continue;
		free_add(bi, map[i].addr, end);
		if (end > bi->ram_end)
			bi->ram_end = end;
	}
	free_cut(bi, 0, LOW_MEMORY);
	free_cut(bi, bi->kernel.start, bi->kernel.end);
	free_cut(bi, bi->initramfs.start, bi->initramfs.end);
}

void bootinfo_init(paddr_t start_info)
{
	const struct hvm_start_info *info = pa_to_va(start_info);
	struct bootinfo *bi = &bootinfo;

	if (info->magic != START_MAGIC)
		panic("not booted by PVH: use qemu -kernel");
	if (info->version < 1 || !info->memmap_paddr || !info->memmap_entries)
		panic("the boot loader gave no memory map");
	if (info->cmdline_paddr)
		strlcpy(bi->cmdline, pa_to_va(info->cmdline_paddr),
			sizeof(bi->cmdline));
	bi->rsdp = info->rsdp_paddr;
	bi->kernel.start = va_to_pa(kernel_start);
	bi->kernel.end = va_to_pa(kernel_end);
	if (info->nr_modules) {
		const struct hvm_module *mod = pa_to_va(info->modlist_paddr);

		bi->initramfs.start = mod->paddr;
		bi->initramfs.end = mod->paddr + mod->size;
	}
	bootinfo_memory(bi, info);
}

/*
 * Take one `key` or `key=value` off the command line at @at: its key length
 * and its value.  Gives what follows, or NULL at the end.
 */
static const char *bootarg_next(const char *at, const char **key,
				size_t *key_len, const char **value,
				size_t *value_len)
{
	char stop = ' ';

	while (*at == ' ')
		at++;
	if (!*at)
		return NULL;
	*key = at;
	while (*at && *at != ' ' && *at != '=')
		at++;
	*key_len = (size_t)(at - *key);
	if (*at == '=')
		at++;
	if (*at == '"' || *at == '\'')
		stop = *at++;
	*value = at;
	while (*at && *at != stop)
		at++;
	*value_len = (size_t)(at - *value);
	return *at ? at + 1 : at;
}

bool bootarg_get(const char *key, char *buf, size_t len)
{
	const char *at = bootinfo.cmdline;
	const char *found, *value;
	size_t found_len, value_len;

	buf[0] = '\0';
	while ((at = bootarg_next(at, &found, &found_len, &value,
				  &value_len))) {
		if (found_len != strlen(key) || strncmp(found, key, found_len))
			continue;
		if (value_len >= len)
			value_len = len - 1;
		memcpy(buf, value, value_len);
		buf[value_len] = '\0';
		return true;
	}
	return false;
}

uint64_t bootarg_number(const char *key, uint64_t fallback)
{
	char digits[24];
	uint64_t n = 0;

	if (!bootarg_get(key, digits, sizeof(digits)) || !digits[0])
		return fallback;
	for (const char *d = digits; *d; d++) {
		if (*d < '0' || *d > '9')
			return fallback;
		n = n * 10 + (uint64_t)(*d - '0');
	}
	return n;
}
