/* fault_signal - a handler for SIGSEGV is called in the uthread that faulted,
 * with the address, and may have it go on elsewhere or mend the cause. */
#include "fault.h"
#include "signal.h"
#include "test.h"

#define PAGE	0x600000000000UL

static enum fault_answer pass(struct fault *fault, void *data)
{
	return FAULT_PASS;
}

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
	((struct context *)ctx)->rip += 2;	/* ud2 */
}

TEST(fault_signal)
{
	struct sigaction action = {
		.sa_sigaction = mend,
		.sa_flags = SA_SIGINFO,
	};

	fault_handler_add(pass, NULL);
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
}
