/* reboot.c - start the machine again (under `make qemu`: leave QEMU). */
#include "stdio.h"
#include "syscall.h"

int main(void)
{
	sys_halt(0, true);
	perror("reboot");
	return 1;
}
