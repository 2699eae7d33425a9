/*
 * file.h - what a file descriptor stands for: the console, one end of a pipe,
 * or a file of the initramfs.
 *
 * A file is shared by all descriptors that were copied from one another, in
 * one process or several.  wait_lock protects its references and its taps.
 */
#pragma once

#include "lib/list.h"

struct pipe;
struct proc;

enum file_kind {
	FILE_CONSOLE,
	FILE_PIPE_READ,
	FILE_PIPE_WRITE,
	FILE_ROM,
};

struct file {
	uint32_t	kind;		/* fixed: enum file_kind */
	struct pipe	*pipe;		/* fixed: both ends hold it */
	const char	*data;		/* fixed: of the initramfs, len bytes */
	size_t		len;
	/* fixed: those on its pipe or console */
	struct list	*taps;
	/* wait_lock: */
	uint32_t	refs;
	size_t		at;		/* what a read of the initramfs gets */
};

/* The console has bytes to read, or none any more.  Context: wait_lock. */
void file_console_changed(void);

/* Descriptors 0, 1 and 2 of @p become the console: for the first process. */
void file_open_console(struct proc *p);

/* @child gets copies of the descriptors of @parent that are not private. */
void file_inherit(struct proc *child, struct proc *parent);

/*
 * A new pipe: the two descriptors of @p for its ends, with @fd_flags (FD_*).
 * 0, -ENOMEM, -EMFILE, or -ECANCELED for a dying process.
 */
int file_pipe(struct proc *p, uint32_t fd_flags, int fds[2]);

/* Open @path of the initramfs.  The descriptor, -ENOENT, or as file_pipe(). */
int file_open(struct proc *p, const char *path, uint32_t fd_flags);

/* -EBADF if @fd is none of @p's. */
int file_close(struct proc *p, int fd);
int file_dup2(struct proc *p, int from, int to, uint32_t fd_flags);
void file_close_all(struct proc *p);

/*
 * Bytes read, 0 at the end; bytes written; -EBADF, -EPIPE, or as waitq_sleep().
 * Context: kthread, no locks.
 */
int file_read(struct proc *p, int fd, char *buf, size_t len);
int file_write(struct proc *p, int fd, const char *buf, size_t len);

/*
 * The file behind @fd of @p, or NULL; and what it is ready for, TAP_*.
 * Context: wait_lock.
 */
struct file *file_of(struct proc *p, int fd);
uint32_t file_ready(struct file *file);
