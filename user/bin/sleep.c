/* sleep.c - a process that waits: its core is free for others meanwhile. */
#include "stdio.h"
#include "stdlib.h"
#include "unistd.h"

int main(int argc, char *argv[])
{
	char *end;
	long seconds;

	if (argc != 2) {
		dprintf(2, "usage: sleep SECONDS\n");
		return 2;
	}
	seconds = strtol(argv[1], &end, 10);
	if (!*argv[1] || *end || seconds < 0 || seconds > 1000000) {
		dprintf(2, "sleep: %s: not a number of seconds\n", argv[1]);
		return 2;
	}
	sleep((unsigned int)seconds);
	return 0;
}
