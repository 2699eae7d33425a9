/* preempt.c - take cores away from a many-core process, by hand. */
#include "stdio.h"
#include "stdlib.h"
#include "string.h"
#include "syscall.h"

#define ALL_VCORES	0xffffffffU

int main(int argc, char *argv[])
{
	uint32_t vcoreid = ALL_VCORES;
	uint64_t usec = 0;

	if (argc < 2 || argc > 4) {
		dprintf(2, "usage: preempt PID [VCORE|all] [USEC]\n");
		return 2;
	}
	if (argc > 2 && strcmp(argv[2], "all"))
		vcoreid = (uint32_t)atoi(argv[2]);
	if (argc > 3)
		usec = strtoul(argv[3], NULL, 10);
	if (sys_preempt(atoi(argv[1]), vcoreid, usec) < 0) {
		dprintf(2, "preempt: %s: %s; ps lists what there is\n",
			argv[1], strerror(errno));
		return 1;
	}
	return 0;
}
