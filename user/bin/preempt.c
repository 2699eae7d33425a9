/* preempt.c - take cores away from a many-core process, by hand. */
#include "stdio.h"
#include "stdlib.h"
#include "string.h"
#include "syscall.h"
#include "vcore.h"

#include <limits.h>

#define ALL_VCORES	0xffffffffL

/* A complaint about @word; the exit status. */
static int refuse(const char *word, const char *why)
{
	dprintf(2, "preempt: %s: %s\n", word, why);
	return 2;
}

int main(int argc, char *argv[])
{
	long pid, vcoreid = ALL_VCORES, usec = 0;

	if (argc < 2 || argc > 4) {
		dprintf(2, "usage: preempt PID [VCORE|all] [USEC]\n");
		return 2;
	}
	if (!word_to_number(argv[1], 1, INT_MAX, &pid))
		return refuse(argv[1], "not a process number; ps has them");
	/* All processes have as many vcores as we have. */
	if (argc > 2 && strcmp(argv[2], "all") &&
	    !word_to_number(argv[2], 0, max_vcores() - 1, &vcoreid))
		return refuse(argv[2], "neither a vcore nor all");
	if (argc > 3 && !word_to_number(argv[3], 0, INT_MAX, &usec))
		return refuse(argv[3], "not a number of microseconds");
	if (sys_preempt(pid, vcoreid, usec) < 0) {
		dprintf(2, "preempt: %ld: %s; ps lists what there is\n", pid,
			strerror(errno));
		return 1;
	}
	return 0;
}
