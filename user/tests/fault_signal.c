/* fault_signal - a handler for SIGSEGV is called in the uthread that faulted,
 * with the address, and may have it go on elsewhere or mend the cause; and so
 * for each signal of a fault, without more than the wish for it. */
#include "signal.h"
#include "test.h"

#define PAGE	0x600000000000UL

static uint32_t nr_calls;
static void *where;
static struct uthread *who;

static void mend(int signo, siginfo_t *info, void *ctx)
{
	nr_calls++;
	where = info->si_addr;
	who = uthread_self();
	sys_mmap((void *)PAGE, PAGE_SIZE, PROT_READ | PROT_WRITE);
}

static void skip(int signo, siginfo_t *info, void *ctx)
{
	nr_calls++;
	where = info->si_addr;
	((struct context *)ctx)->rip += 2;	/* ud2, or divl %ecx */
}

static void on_trap(int signo)
{
	nr_calls++;
}

/* This child's first wish for a signal is to skip those of @signo. */
static void skip_on(int signo)
{
	struct sigaction action = {
		.sa_sigaction = skip,
		.sa_flags = SA_SIGINFO,
	};

	sigaction(signo, &action, NULL);
}

static void child_opcode(void)
{
	skip_on(SIGILL);
	__asm__ volatile("ud2");
	exit(nr_calls);
}

static void child_divides(void)
{
	skip_on(SIGFPE);
	__asm__ volatile("divl %%ecx" : : "c" (0) : "eax", "edx");
	exit(nr_calls);
}

static void child_breakpoint(void)
{
	signal(SIGTRAP, on_trap);
	__asm__ volatile("int3");
	exit(nr_calls);
}

TEST(fault_signal)
{
	struct sigaction action = {
		.sa_sigaction = mend,
		.sa_flags = SA_SIGINFO,
	};

	sigaction(SIGSEGV, &action, NULL);
	*(volatile uint64_t *)(PAGE + 8) = 7;
	CHECK_EQ(*(volatile uint64_t *)(PAGE + 8), 7, "written-after-all");
	CHECK_EQ(nr_calls, 1, "one-call");
	CHECK_EQ((uint64_t)where, PAGE + 8, "address");
	CHECK(who == uthread_self(), "in-the-uthread");

	action.sa_sigaction = skip;
	sigaction(SIGILL, &action, NULL);
	__asm__ volatile("ud2");
	CHECK_EQ(nr_calls, 2, "skipped");
	CHECK_EQ((uint64_t)where, 0, "no-other-fault's-address");

	CHECK_EQ(test_run(child_opcode), W_STATUS(1, 0), "opcode");
	CHECK_EQ(test_run(child_divides), W_STATUS(1, 0), "division");
	CHECK_EQ(test_run(child_breakpoint), W_STATUS(1, 0), "breakpoint");
}
