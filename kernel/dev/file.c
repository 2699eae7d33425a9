/*
 * file.c - what a file descriptor stands for.
 */
#include "dev/file.h"

#include "abi/errno.h"
#include "abi/syscall.h"
#include "core/wait.h"
#include "dev/console.h"
#include "dev/initramfs.h"
#include "dev/pipe.h"
#include "dev/tap.h"
#include "lib/string.h"
#include "mm/kmalloc.h"
#include "proc/proc.h"

static struct list console_taps = LIST_INIT(console_taps);
static struct list rom_taps = LIST_INIT(rom_taps);

/* All descriptors of the console share it; it is never freed. */
static struct file console = {
	.kind = FILE_CONSOLE,
	.taps = &console_taps,
	.refs = 1,
};

struct file *file_of(struct proc *p, int fd)
{
	return fd >= 0 && fd < NR_FDS ? p->files[fd] : NULL;
}

uint32_t file_ready(struct file *file)
{
	switch (file->kind) {
	case FILE_CONSOLE:
		return TAP_WRITABLE | (console_readable() ? TAP_READABLE : 0);
	case FILE_PIPE_READ:
		return pipe_readable(file->pipe) ? TAP_READABLE : 0;
	case FILE_ROM:
		return TAP_READABLE;
	default:
		return pipe_writable(file->pipe) ? TAP_WRITABLE : 0;
	}
}

void file_console_changed(void)
{
	tap_look(&console_taps);
}

/*
 * One user of @file less; with the last, that end of the pipe is closed.
 * Whether to kfree() it, and its pipe, is in @dead, once wait_lock is released.
 */
static void file_put_locked(struct file *file, void *dead[2])
{
	struct pipe *pipe = file->pipe;

	if (--file->refs)
		return;
	dead[0] = file;
	if (file->kind == FILE_ROM)
		return;
	if (file->kind == FILE_PIPE_READ)
		pipe->readers = 0;
	else
		pipe->writers = 0;
	waitq_wake(&pipe->changed);
	tap_tell(&pipe->taps);
	if (!pipe->readers && !pipe->writers)
		dead[1] = pipe;
}

static void file_put(struct file *file)
{
	void *dead[2] = { NULL, NULL };
	uint64_t flags = wait_lock_irqsave();

	file_put_locked(file, dead);
	wait_unlock_irqrestore(flags);
	kfree(dead[0]);
	kfree(dead[1]);
}

/* @file becomes descriptor @fd of @p.  Context: wait_lock. */
static void file_place(struct proc *p, int fd, struct file *file,
		       uint32_t fd_flags)
{
	p->files[fd] = file;
	p->private_fds &= ~(1U << fd);
	if (fd_flags & FD_PRIVATE)
		p->private_fds |= 1U << fd;
}

/* Take what is behind @fd of @p out of its table, put @file there. */
static struct file *file_replace(struct proc *p, int fd, struct file *file,
				 uint32_t fd_flags, void **tap)
{
	struct file *old = p->files[fd];

	*tap = old ? tap_forget(p, fd, old) : NULL;
	file_place(p, fd, file, fd_flags);
	return old;
}

void file_open_console(struct proc *p)
{
	uint64_t flags = wait_lock_irqsave();

	for (int fd = 0; fd < 3; fd++)
		p->files[fd] = &console;
	console.refs += 3;
	wait_unlock_irqrestore(flags);
}

void file_inherit(struct proc *child, struct proc *parent)
{
	uint64_t flags = wait_lock_irqsave();

	for (int fd = 0; fd < NR_FDS; fd++) {
		if (!parent->files[fd] || parent->private_fds & 1U << fd)
			continue;
		file_place(child, fd, parent->files[fd], 0);
		child->files[fd]->refs++;
	}
	wait_unlock_irqrestore(flags);
}

/* The lowest free descriptor of @p becomes @file; or -EMFILE, -ECANCELED.
 * Context: wait_lock. */
static int file_install(struct proc *p, struct file *file, uint32_t fd_flags)
{
	if (proc_is_dying(p))
		return -ECANCELED;
	for (int fd = 0; fd < NR_FDS; fd++) {
		if (p->files[fd])
			continue;
		file_place(p, fd, file, fd_flags);
		return fd;
	}
	return -EMFILE;
}

static void file_init(struct file *file, enum file_kind kind,
		      struct pipe *pipe)
{
	file->kind = kind;
	file->pipe = pipe;
	file->taps = &pipe->taps;
	file->refs = 1;
}

int file_open(struct proc *p, const char *path, uint32_t fd_flags)
{
	struct file *file = kzalloc(sizeof(*file));
	const void *data;
	uint64_t flags;
	int fd;

	if (!file)
		return -ENOMEM;
	file->kind = FILE_ROM;
	file->taps = &rom_taps;
	file->refs = 1;
	fd = initramfs_find(path, &data, &file->len);
	if (!fd) {
		file->data = data;
		flags = wait_lock_irqsave();
		fd = file_install(p, file, fd_flags);
		wait_unlock_irqrestore(flags);
	}
	if (fd < 0)
		kfree(file);
	return fd;
}

/* Both ends get descriptors of @p, or neither.  Context: wait_lock. */
static int file_install_pipe(struct proc *p, struct file *r, struct file *w,
			     uint32_t fd_flags, int fds[2])
{
	fds[0] = file_install(p, r, fd_flags);
	if (fds[0] < 0)
		return fds[0];
	fds[1] = file_install(p, w, fd_flags);
	if (fds[1] >= 0)
		return 0;
	p->files[fds[0]] = NULL;
	return fds[1];
}

int file_pipe(struct proc *p, uint32_t fd_flags, int fds[2])
{
	struct pipe *pipe = kzalloc(sizeof(*pipe));
	struct file *r = kzalloc(sizeof(*r));
	struct file *w = kzalloc(sizeof(*w));
	uint64_t flags;
	int err = -ENOMEM;

	if (!pipe || !r || !w)
		goto free_all;
	pipe->readers = pipe->writers = 1;
	waitq_init(&pipe->changed);
	list_init(&pipe->taps);
	file_init(r, FILE_PIPE_READ, pipe);
	file_init(w, FILE_PIPE_WRITE, pipe);
	flags = wait_lock_irqsave();
	err = file_install_pipe(p, r, w, fd_flags, fds);
	wait_unlock_irqrestore(flags);
	if (!err)
		return 0;

free_all:
	kfree(w);
	kfree(r);
	kfree(pipe);
	return err;
}

int file_close(struct proc *p, int fd)
{
	uint64_t flags = wait_lock_irqsave();
	struct file *file = file_of(p, fd);
	void *tap = NULL;

	if (file)
		file_replace(p, fd, NULL, 0, &tap);
	wait_unlock_irqrestore(flags);
	kfree(tap);
	if (!file)
		return -EBADF;
	file_put(file);
	return 0;
}

void file_close_all(struct proc *p)
{
	for (int fd = 0; fd < NR_FDS; fd++)
		file_close(p, fd);
}

int file_dup2(struct proc *p, int from, int to, uint32_t fd_flags)
{
	uint64_t flags = wait_lock_irqsave();
	struct file *file = file_of(p, from);
	struct file *old = NULL;
	void *tap = NULL;

	if (!file || to < 0 || to >= NR_FDS || proc_is_dying(p)) {
		wait_unlock_irqrestore(flags);
		return -EBADF;
	}
	if (from != to) {
		file->refs++;
		old = file_replace(p, to, file, fd_flags, &tap);
	}
	wait_unlock_irqrestore(flags);
	kfree(tap);
	if (old)
		file_put(old);
	return to;
}

/* Copy on from where the last read stopped.  Context: wait_lock. */
static int rom_read(struct file *file, char *buf, size_t len)
{
	size_t n = file->len - file->at;

	if (n > len)
		n = len;
	memcpy(buf, file->data + file->at, n);
	file->at += n;
	return n;
}

/* Keep what is behind @fd of @p for the time of a call.  NULL: none. */
static struct file *file_get(struct proc *p, int fd)
{
	uint64_t flags = wait_lock_irqsave();
	struct file *file = file_of(p, fd);

	if (file)
		file->refs++;
	wait_unlock_irqrestore(flags);
	return file;
}

int file_read(struct proc *p, int fd, char *buf, size_t len)
{
	struct file *file = file_get(p, fd);
	uint64_t flags;
	int n = -EBADF;

	if (!file)
		return n;
	flags = wait_lock_irqsave();
	if (file->kind == FILE_CONSOLE)
		n = console_read(buf, len, &flags);
	else if (file->kind == FILE_PIPE_READ)
		n = pipe_read(file->pipe, buf, len, &flags);
	else if (file->kind == FILE_ROM)
		n = rom_read(file, buf, len);
	tap_look(file->taps);
	wait_unlock_irqrestore(flags);
	file_put(file);
	return n;
}

int file_write(struct proc *p, int fd, const char *buf, size_t len)
{
	struct file *file = file_get(p, fd);
	uint64_t flags;
	int n = -EBADF;

	if (!file)
		return n;
	if (file->kind == FILE_CONSOLE) {
		console_write(buf, len);
		n = len;
	} else if (file->kind == FILE_PIPE_WRITE) {
		flags = wait_lock_irqsave();
		n = pipe_write(file->pipe, buf, len, &flags);
		tap_look(file->taps);
		wait_unlock_irqrestore(flags);
	}
	file_put(file);
	return n;
}
