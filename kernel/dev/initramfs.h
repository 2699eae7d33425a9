/*
 * initramfs.h - the files that came with the kernel.
 *
 * Read-only, all in memory, in the order of the archive.
 */
#pragma once

#include "boot/bootinfo.h"

struct initramfs_file {
	const char	*path;		/* as in the archive: "bin/hello" */
	const void	*data;
	size_t		len;
	size_t		next;		/* where the search goes on */
};

/*
 * Look the archive through and use what comes before the first damage.
 *
 * Context: core 0, once.
 */
void initramfs_init(const struct bootinfo *bi);

/*
 * Find the file @path, or bin/@path.  0 or -ENOENT.
 *
 * Context: any.
 */
int initramfs_find(const char *path, const void **data, size_t *len);

/*
 * Fill @file with the next file of the archive; one that is all zeros gives
 * the first.  False when there are no more.
 *
 * Context: any.
 */
bool initramfs_next(struct initramfs_file *file);
