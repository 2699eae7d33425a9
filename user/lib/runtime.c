/*
 * runtime.c - from the kernel's first entry to main().
 *
 * The process is single-core and cannot enter vcore context yet: it has no
 * second stack and no mailboxes.  When vcore 0 has all of it, one atomic tells
 * the kernel, and from then on notifications interrupt us.
 */
#include "runtime.h"

#include "atomic.h"
#include "event.h"
#include "syscall.h"
#include "tls.h"
#include "uthread.h"
#include "vcore.h"

int main(int argc, char **argv);

void runtime_fail(const char *why)
{
	size_t len = 0;

	while (why[len])
		len++;
	(void)syscall_call(SYS_write, 2, (uint64_t)why, len, 0, 0);
	(void)syscall_call(SYS_write, 2, (uint64_t)"\n", 1, 0, 0);
	sys_exit(134);
}

static void *runtime_alloc(size_t size)
{
	int64_t va = syscall_call(SYS_mmap, 0, size, PROT_READ | PROT_WRITE,
				  0, 0);

	if (va < 0)
		runtime_fail("no memory to start the program");
	return (void *)va;
}

/* The strings lie one after the other; main() wants pointers and a null. */
static char **runtime_args(int argc)
{
	char **argv = runtime_alloc((argc + 1) * sizeof(char *));
	char *arg = (char *)procinfo->args_va;

	for (int i = 0; i < argc; i++) {
		argv[i] = arg;
		while (*arg++)
			;
	}
	return argv;
}

void runtime_start(void)
{
	size_t size = tls_size();
	struct tcb *tcb = tls_init(runtime_alloc(size), size);
	struct vcpd *vcpd = vcpd_of(0);
	int argc = (int)procinfo->argc;
	char **argv = runtime_args(argc);

	tls_switch(tcb);
	uthread_init(tcb);
	event_init();
	if (vcore_prepare_first())
		runtime_fail("no memory for vcore 0");
	/* Locked, so the kernel sees all of it before the flag goes. */
	atomic_fetch_and32(&vcpd->flags, ~(uint32_t)VC_SCP_NOVCCTX);
	sys_exit(main(argc, argv));
}
