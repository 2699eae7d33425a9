/* exitwith.c - what a process returns to its parent: the status it is told. */
#include "stdio.h"
#include "stdlib.h"

int main(int argc, char *argv[])
{
	char *end;
	long status;

	if (argc != 2) {
		dprintf(2, "usage: exitwith STATUS\n");
		return 2;
	}
	status = strtol(argv[1], &end, 0);
	if (!*argv[1] || *end || status < 0 || status > 255) {
		dprintf(2, "exitwith: %s: not a number from 0 to 255\n",
			argv[1]);
		return 2;
	}
	return status;
}
