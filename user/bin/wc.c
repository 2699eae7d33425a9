/* wc.c - count lines, words and bytes of standard input or of one file. */
#include "ctype.h"
#include "stdio.h"
#include "string.h"
#include "syscall.h"
#include "unistd.h"

int main(int argc, char *argv[])
{
	uint64_t lines = 0, words = 0, bytes = 0;
	bool in_word = false;
	int fd = STDIN_FILENO;
	char buf[256];
	ssize_t n;

	if (argc > 2) {
		dprintf(2, "usage: wc [FILE]\n");
		return 2;
	}
	if (argc == 2)
		fd = open(argv[1], O_RDONLY);
	if (fd < 0) {
		dprintf(2, "wc: %s: %s; README.md is there\n", argv[1],
			strerror(errno));
		return 1;
	}
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		bytes += (uint64_t)n;
		for (ssize_t i = 0; i < n; i++) {
			bool is_word = !isspace((unsigned char)buf[i]);

			lines += buf[i] == '\n';
			words += is_word && !in_word;
			in_word = is_word;
		}
	}
	if (n < 0) {
		dprintf(2, "wc: %s\n", strerror(errno));
		return 1;
	}
	printf("%7lu %7lu %7lu\n", lines, words, bytes);
	return 0;
}
