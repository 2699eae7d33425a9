/* provision.c - give a process a right to cores. */
#include "stdio.h"
#include "stdlib.h"
#include "string.h"
#include "syscall.h"

#include <limits.h>

int main(int argc, char *argv[])
{
	long pid, cores;

	if (argc != 3) {
		dprintf(2, "usage: provision PID CORES\n");
		return 2;
	}
	if (!word_to_number(argv[1], 1, INT_MAX, &pid)) {
		dprintf(2, "provision: %s: not a process number; ps has them\n",
			argv[1]);
		return 2;
	}
	if (!word_to_number(argv[2], 0, INT_MAX, &cores)) {
		dprintf(2, "provision: %s: not a number of cores\n", argv[2]);
		return 2;
	}
	if (sys_provision(pid, cores) < 0) {
		dprintf(2, "provision: %ld: %s; ps lists what there is\n", pid,
			strerror(errno));
		return 1;
	}
	return 0;
}
