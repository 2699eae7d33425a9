/*
 * initramfs.c - a cpio archive of the "newc" kind, where it lies.
 *
 * Each entry is a header of ASCII hexadecimal numbers, the path with its NUL,
 * and the file; path and file are each followed by zeros up to a multiple of
 * 4.  The entry called TRAILER!!! ends the archive.
 */
#include "dev/initramfs.h"

#include "abi/errno.h"
#include "lib/printf.h"
#include "lib/string.h"

/* Offsets in the header. */
#define CPIO_MODE	14
#define CPIO_FILESIZE	54
#define CPIO_NAMESIZE	94
#define CPIO_HEADER	110

#define MODE_TYPE	0170000
#define MODE_FILE	0100000

/* Fixed after initramfs_init(). */
static const char *archive;
static size_t archive_len;		/* of what is whole */

/* One entry of the archive, of any type. */
struct cpio_entry {
	uint32_t	mode;
	struct initramfs_file file;
};

/* Read eight hexadecimal digits. */
static bool parse_hex(const char *at, uint32_t *value)
{
	uint32_t v = 0;
	char c;

	for (int i = 0; i < 8; i++) {
		c = at[i];
		if (c >= '0' && c <= '9')
			v = v << 4 | (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = v << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return false;
	}
	*value = v;
	return true;
}

static size_t align4(size_t n)
{
	return (n + 3) & ~3UL;
}

/* Read the entry at @at.  False at the end of the archive, or if it is not an
 * entry that lies within @len bytes. */
static bool parse_entry(size_t at, size_t len, struct cpio_entry *entry)
{
	const char *header = archive + at;
	uint32_t name_len, file_len;
	size_t data;

	if (at > len || len - at < CPIO_HEADER ||
	    memcmp(header, "070701", 6) ||
	    !parse_hex(header + CPIO_MODE, &entry->mode) ||
	    !parse_hex(header + CPIO_FILESIZE, &file_len) ||
	    !parse_hex(header + CPIO_NAMESIZE, &name_len))
		return false;
	data = align4(at + CPIO_HEADER + name_len);
	if (!name_len || data > len || file_len > len - data ||
	    header[CPIO_HEADER + name_len - 1] ||
	    !strcmp(header + CPIO_HEADER, "TRAILER!!!"))
		return false;
	entry->file.path = header + CPIO_HEADER;
	entry->file.data = archive + data;
	entry->file.len = file_len;
	entry->file.next = align4(data + file_len);
	return true;
}

void initramfs_init(const struct bootinfo *bi)
{
	size_t len = bi->initramfs.end - bi->initramfs.start;
	struct cpio_entry entry;

	archive = pa_to_va(bi->initramfs.start);
	while (parse_entry(archive_len, len, &entry))
		archive_len = entry.file.next;
	if (!archive_len)
		printk("initramfs: no cpio archive; pass one with -initrd\n");
}

bool initramfs_next(struct initramfs_file *file)
{
	struct cpio_entry entry;

	entry.file.next = file->next;
	do {
		if (!parse_entry(entry.file.next, archive_len, &entry))
			return false;
	} while ((entry.mode & MODE_TYPE) != MODE_FILE);
	*file = entry.file;
	return true;
}

int initramfs_find(const char *path, const void **data, size_t *len)
{
	struct initramfs_file file = { .next = 0 };

	while (initramfs_next(&file)) {
		if (strcmp(file.path, path) &&
		    (strncmp(file.path, "bin/", 4) ||
		     strcmp(file.path + 4, path)))
			continue;
		*data = file.data;
		*len = file.len;
		return 0;
	}
	return -ENOENT;
}
