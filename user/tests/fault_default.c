/* fault_default - a fault that nobody mends ends the process as by SIGSEGV,
 * SIGFPE or SIGILL, and no other process: in a uthread, in vcore context, with
 * handlers and without. */
#include "fault.h"
#include "signal.h"
#include "test.h"

static volatile int zero;
static volatile int *volatile nowhere = (volatile int *)0x10;

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

static void child_plain(void)
{
	touch();
}

static void child_passed(void)
{
	fault_handler_add(pass, NULL);
	touch();
}

static void child_divides(void)
{
	fault_handler_add(pass, NULL);
	divide();
}

static void child_opcode(void)
{
	fault_handler_add(pass, NULL);
	__builtin_trap();
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

static void child_overflow(void)
{
	fault_handler_add(pass, NULL);
	uthread_join(uthread_create(overflow, NULL), NULL);
}

static void handler(int signo)
{
}

/* The handler has no stack to run on. */
static void child_overflow_handled(void)
{
	signal(SIGSEGV, handler);
	child_overflow();
}

TEST(fault_default)
{
	CHECK_EQ(W_SIGNAL(test_run(child_plain)), SIGSEGV, "no-handler");
	CHECK_EQ(W_SIGNAL(test_run(child_passed)), SIGSEGV, "passed");
	CHECK_EQ(W_SIGNAL(test_run(child_divides)), SIGFPE, "division");
	CHECK_EQ(W_SIGNAL(test_run(child_opcode)), SIGILL, "opcode");
	CHECK_EQ(W_SIGNAL(test_run(child_vcore)), SIGSEGV, "vcore-context");
	CHECK_EQ(W_SIGNAL(test_run(child_masked)), SIGSEGV, "masked");
	CHECK_EQ(W_SIGNAL(test_run(child_overflow)), SIGSEGV, "stack");
	CHECK_EQ(W_SIGNAL(test_run(child_overflow_handled)), SIGSEGV,
		 "stack-with-handler");
}
