/* fault_default - a fault that nobody mends ends the process as by SIGSEGV,
 * SIGFPE, SIGTRAP or SIGILL, and no other process: in a uthread, in vcore
 * context, with handlers and without. */
#include "fault.h"
#include "signal.h"
#include "test.h"

static volatile int zero;
static volatile int *volatile nowhere = (volatile int *)0x10;
static volatile int *volatile wild = (volatile int *)0xdeadbeefdeadbeef;

static enum fault_answer pass(struct fault *fault, void *data)
{
	return FAULT_PASS;
}

static void touch(void)
{
	*nowhere = 1;
}

static void divide(void)
{
	zero = 7 / zero;
}

/* At an address that page tables have no place for. */
static void touch_wild(void)
{
	*wild = 1;
}

static void breakpoint(void)
{
	__asm__ volatile ("int3");
}

static void opcode(void)
{
	__asm__ volatile ("ud2");
}

static void child_passed(void)
{
	fault_handler_add(pass, NULL);
	touch();
}

static void child_wild_passed(void)
{
	fault_handler_add(pass, NULL);
	touch_wild();
}

static void child_divides_passed(void)
{
	fault_handler_add(pass, NULL);
	divide();
}

static void child_breakpoint_passed(void)
{
	fault_handler_add(pass, NULL);
	breakpoint();
}

static void child_opcode_passed(void)
{
	fault_handler_add(pass, NULL);
	opcode();
}

static void on_test(struct event_msg *msg, unsigned int ev_type, void *data)
{
	touch();
}

static void child_vcore(void)
{
	fault_handler_add(pass, NULL);
	register_ev_handler(EV_TEST, on_test, NULL);
	sys_self_notify(0, EV_TEST, NULL, true);
	WAIT(false);
}

static void child_masked(void)
{
	fault_handler_add(pass, NULL);
	disable_notifs();
	touch();
}

/* Deeper and deeper, past the end of the stack. */
static uint64_t deeper(uint64_t n)
{
	volatile uint64_t here[64];

	here[0] = n;
	return here[0] == UINT64_MAX ? 0 : deeper(n + 1) + here[0];
}

static void *overflow(void *arg)
{
	return (void *)deeper(0);
}

static void join_overflow(void)
{
	uthread_join(uthread_create(overflow, NULL), NULL);
}

static void child_overflow(void)
{
	fault_handler_add(pass, NULL);
	join_overflow();
}

static void handler(int signo)
{
}

/* The handler has no stack to run on. */
static void child_overflow_handled(void)
{
	signal(SIGSEGV, handler);
	join_overflow();
}

TEST(fault_default)
{
	CHECK_EQ(W_SIGNAL(test_run(touch)), SIGSEGV, "no-handler");
	CHECK_EQ(W_SIGNAL(test_run(touch_wild)), SIGSEGV, "wild");
	CHECK_EQ(W_SIGNAL(test_run(divide)), SIGFPE, "division");
	CHECK_EQ(W_SIGNAL(test_run(breakpoint)), SIGTRAP, "breakpoint");
	CHECK_EQ(W_SIGNAL(test_run(opcode)), SIGILL, "opcode");
	CHECK_EQ(W_SIGNAL(test_run(child_passed)), SIGSEGV, "passed");
	CHECK_EQ(W_SIGNAL(test_run(child_wild_passed)), SIGSEGV,
		 "wild-passed");
	CHECK_EQ(W_SIGNAL(test_run(child_divides_passed)), SIGFPE,
		 "division-passed");
	CHECK_EQ(W_SIGNAL(test_run(child_breakpoint_passed)), SIGTRAP,
		 "breakpoint-passed");
	CHECK_EQ(W_SIGNAL(test_run(child_opcode_passed)), SIGILL,
		 "opcode-passed");
	CHECK_EQ(W_SIGNAL(test_run(child_vcore)), SIGSEGV, "vcore-context");
	CHECK_EQ(W_SIGNAL(test_run(child_masked)), SIGSEGV, "masked");
	CHECK_EQ(W_SIGNAL(test_run(child_overflow)), SIGSEGV, "stack");
	CHECK_EQ(W_SIGNAL(test_run(child_overflow_handled)), SIGSEGV,
		 "stack-with-handler");
}
