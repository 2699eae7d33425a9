/*
 * cores.c - every core of the machine, its x2APIC id and who owns it.
 *
 * Fails if fewer are online than the machine has.
 */
#include "stdio.h"
#include "syscall.h"
#include "vcore.h"

static struct core_info cores[MAX_CORES];

int main(void)
{
	int nr = sys_core_info(cores, MAX_CORES);

	if (nr < 0) {
		perror("cores");
		return 1;
	}
	printf("CORE   APICID  OWNER\n");
	for (int i = 0; i < nr; i++) {
		const struct core_info *c = &cores[i];

		if (c->pid)
			printf("%4u %#8x  process %u, vcore %u\n", c->coreid,
			       c->apicid, c->pid, c->vcoreid);
		else
			printf("%4u %#8x  idle\n", c->coreid, c->apicid);
	}
	printf("%d core%s online\n", nr, nr == 1 ? "" : "s");
	if ((uint32_t)nr < procinfo->nr_cores) {
		dprintf(2, "cores: the machine has %u\n", procinfo->nr_cores);
		return 1;
	}
	return 0;
}
