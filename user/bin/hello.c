/* hello.c - the smallest process that says something. */
#include "stdio.h"
#include "unistd.h"
#include "vcore.h"

int main(void)
{
	printf("hello from ev6, process %d on vcore %u, machine of %u cores\n",
	       getpid(), vcore_id(), procinfo->nr_cores);
	return 0;
}
