/* head.c - the first lines of standard input: 10, or as many as asked for. */
#include "stdio.h"
#include "stdlib.h"
#include "unistd.h"

#include <limits.h>

int main(int argc, char *argv[])
{
	long lines = 10;
	char buf[256];
	ssize_t n;

	if (argc > 2 ||
	    (argc == 2 && !word_to_number(argv[1], 1, LONG_MAX, &lines))) {
		dprintf(2, "usage: head [LINES]\n");
		return 2;
	}
	while (lines > 0 && (n = read(STDIN_FILENO, buf, sizeof(buf))) > 0) {
		ssize_t out = 0;

		while (out < n && lines > 0)
			lines -= buf[out++] == '\n';
		if (write(STDOUT_FILENO, buf, (size_t)out) != out)
			return 1;
	}
	return 0;
}
