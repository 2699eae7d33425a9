/* match.c - those lines of standard input that contain a text. */
#include <stdbool.h>

#include "stdio.h"
#include "string.h"
#include "unistd.h"

#define LINE_SIZE	512	/* longer ones are cut in two */

static const char *text;
static bool matched;

/* False: nobody reads what we print any more. */
static bool look_at(char *line, size_t len)
{
	line[len] = '\0';
	if (!strstr(line, text))
		return true;
	matched = true;
	return printf("%s\n", line) > 0;
}

int main(int argc, char *argv[])
{
	char line[LINE_SIZE + 1], buf[256];
	size_t len = 0;
	ssize_t n;

	if (argc != 2) {
		dprintf(2, "usage: match TEXT\n");
		return 2;
	}
	text = argv[1];
	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			if (buf[i] != '\n')
				line[len++] = buf[i];
			if (buf[i] != '\n' && len < LINE_SIZE)
				continue;
			if (!look_at(line, len))
				return 1;
			len = 0;
		}
	}
	if (len && !look_at(line, len))
		return 1;
	return matched ? 0 : 1;
}
