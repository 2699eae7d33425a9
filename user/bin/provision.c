/* provision.c - give a process a right to cores. */
#include "stdio.h"
#include "stdlib.h"
#include "string.h"
#include "syscall.h"

int main(int argc, char *argv[])
{
	if (argc != 3) {
		dprintf(2, "usage: provision PID CORES\n");
		return 2;
	}
	if (sys_provision(atoi(argv[1]), (uint32_t)atoi(argv[2])) < 0) {
		dprintf(2, "provision: %s: %s; ps lists what there is\n",
			argv[1], strerror(errno));
		return 1;
	}
	return 0;
}
