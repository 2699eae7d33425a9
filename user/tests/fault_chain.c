/* fault_chain - handlers of faults are asked from the newest on until one has
 * mended the cause, or has taken the uthread, which goes on when it is given
 * back. */
#include "fault.h"
#include "test.h"

static char order[8];
static uint32_t nr;
static enum fault_answer newest;	/* what it is to say */
static struct uthread *taken;

static enum fault_answer on_old(struct fault *fault, void *data)
{
	order[nr++] = 'o';
	return FAULT_RETRY;
}

static enum fault_answer on_new(struct fault *fault, void *data)
{
	order[nr++] = 'n';
	if (newest == FAULT_TAKEN)
		write_once(taken, detach_current_uthread());
	return newest;
}

/* A breakpoint is behind us: it need not be mended. */
static void fault(enum fault_answer answer, const char *asked,
		  const char *fact)
{
	memset(order, 0, sizeof(order));
	nr = 0;
	newest = answer;
	__asm__ volatile("int3");
	CHECK(!strcmp(order, asked), fact);
}

/* Runs when main does not. */
static void *give_back(void *arg)
{
	struct uthread *uth = read_once(taken);

	if (!CHECK(uth == arg, "taken"))
		test_give_up();
	disable_notifs();
	sched_get()->runnable(uth);
	enable_notifs();
	return NULL;
}

TEST(fault_chain)
{
	struct uthread *uth;

	fault_handler_add(on_old, NULL);
	fault_handler_add(on_new, NULL);
	fault(FAULT_PASS, "no", "passed-on");
	fault(FAULT_RETRY, "n", "mended");
	uthread_set_max_vcores(1);
	uth = uthread_create(give_back, uthread_self());
	fault(FAULT_TAKEN, "n", "given-back");
	uthread_join(uth, NULL);
	fault_handler_remove(on_new, NULL);
	fault(FAULT_PASS, "o", "the-older-alone");
}
