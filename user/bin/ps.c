/* ps.c - processes: what they do, how many cores they have and want. */
#include "stdio.h"
#include "string.h"
#include "syscall.h"

#define MAX_PROCS	256

static const char *const states[PROC_NR_STATES] = {
	[PROC_CREATED] = "created",
	[PROC_RUNNABLE_S] = "runnable",
	[PROC_RUNNING_S] = "running",
	[PROC_WAITING] = "waiting",
	[PROC_RUNNABLE_M] = "runnable",
	[PROC_RUNNING_M] = "running",
	[PROC_DYING] = "dying",
};

static struct proc_info procs[MAX_PROCS];

int main(void)
{
	int nr = sys_proc_info(procs, MAX_PROCS);

	if (nr < 0) {
		perror("ps");
		return 1;
	}
	printf("%5s %5s %-8s %-4s %6s %6s %7s %9s  %s\n", "PID", "PPID",
	       "STATE", "KIND", "VCORES", "WANTED", "PAGES", "EVENTS", "NAME");
	for (int i = 0; i < nr; i++) {
		const struct proc_info *p = &procs[i];
		const char *slash = strrchr(p->name, '/');

		printf("%5u %5u %-8s %-4s %6u %6u %7lu %9lu  %s\n",
		       p->pid, p->ppid,
		       p->state < PROC_NR_STATES ? states[p->state] : "?",
		       p->is_mcp ? "MCP" : "SCP", p->num_vcores,
		       p->cores_wanted, p->pages, p->posted,
		       slash ? slash + 1 : p->name);
	}
	return 0;
}
