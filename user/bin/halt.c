/* halt.c - switch the machine off; QEMU exits with the status given here. */
#include "stdio.h"
#include "stdlib.h"
#include "syscall.h"

int main(int argc, char *argv[])
{
	char *end;
	long status = 0;

	if (argc == 2)
		status = strtol(argv[1], &end, 0);
	if (argc > 2 || (argc == 2 && (!*argv[1] || *end)) ||
	    status < 0 || status > 95) {
		dprintf(2, "usage: halt [STATUS], from 0 to 95\n");
		return 2;
	}
	sys_halt(status, false);
	perror("halt");
	return 1;
}
