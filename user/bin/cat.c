/* cat.c - copy files of the initramfs, or the input, to the output. */
#include "stdio.h"
#include "string.h"
#include "syscall.h"
#include "unistd.h"

/* Copy what is behind @fd.  0, or 1 after a complaint; a reader that went away
 * is none. */
static int copy(int fd, const char *name)
{
	char buf[256];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		if (write(STDOUT_FILENO, buf, (size_t)n) != n)
			return 1;
	}
	if (!n)
		return 0;
	dprintf(2, "cat: %s: %s\n", name, strerror(errno));
	return 1;
}

static int copy_file(const char *path)
{
	int fd = open(path, O_RDONLY);
	int status;

	if (fd < 0) {
		dprintf(2, "cat: %s: %s; README.md is there\n", path,
			strerror(errno));
		return 1;
	}
	status = copy(fd, path);
	close(fd);
	return status;
}

int main(int argc, char *argv[])
{
	int status = 0;

	if (argc == 1)
		return copy(STDIN_FILENO, "standard input");
	for (int i = 1; i < argc; i++)
		status |= copy_file(argv[i]);
	return status;
}
