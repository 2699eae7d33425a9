/* echo.c - how arguments arrive: prints them in one line. */
#include "stdio.h"
#include "stdlib.h"
#include "string.h"

int main(int argc, char *argv[])
{
	size_t size = 2;
	char *line, *p;

	for (int i = 1; i < argc; i++)
		size += strlen(argv[i]) + 1;
	line = p = malloc(size);
	if (!line) {
		perror("echo");
		return 1;
	}
	for (int i = 1; i < argc; i++) {
		if (i > 1)
			*p++ = ' ';
		p = strcpy(p, argv[i]) + strlen(argv[i]);
	}
	*p++ = '\n';
	*p = '\0';
	printf("%s", line);	/* one write: short lines do not mix */
	free(line);
	return 0;
}
