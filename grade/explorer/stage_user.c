/*
 * stage_user.c - the part of the stage that knows the user library's structs.
 *
 * The kernel's headers have the same names for other things, so what both
 * sides of a test need from the library stands here, behind stage.h.
 */
#include "explore.h"
#include "stage_user.h"

#include "atomic.h"
#include "event.h"
#include "evq.h"
#include "preempt.h"
#include "runtime.h"
#include "switch.h"
#include "tls.h"
#include "uthread.h"
#include "vcore.h"

/*
 * Epochs only count: without a thread in event_quiesce() nobody reads them, and
 * every round of a vcore would make a new state of an old one.
 */
void stage_forget_epochs(void)
{
	for (uint32_t v = 0; v < 4; v++)
		xp_ignore(&vcores[v].epoch, sizeof(vcores[v].epoch));
}

/* --- a uthread that two may want to run ----------------------------------- */

static struct uthread uthread;
static struct tcb uthread_tcb;
static uint32_t *runs, *steals;

static void entry(void)
{
	run_current_uthread();
	stage_park();			/* somebody has taken it */
}

static void runnable(struct uthread *uth)
{
	++*steals;
}

static bool has_work(void)
{
	return false;
}

void stage_uthread_of(uint32_t vcoreid, uint32_t *ran, uint32_t *stolen)
{
	static const struct sched_ops ops = { entry, runnable, has_work };

	runs = ran;
	steals = stolen;
	uthread.tcb = &uthread_tcb;
	vcores[vcoreid].current = &uthread;
	sched_set(&ops);
}

void stage_ignore_context(void)
{
	xp_ghost(&uthread.ctx, sizeof(uthread.ctx));
}

void stage_resume_vcore_context(void)
{
	run_current_uthread();
}

/* context.S, as far as others see it. */
void context_restore(struct context *ctx, struct vcpd *vcpd)
{
	stage_unmask();
	++*runs;
	stage_park();
	__builtin_unreachable();
}

/* That is one step here, so nobody is interrupted in it. */
void context_finish(struct context *ctx)
{
}

/* Whoever starts over has nothing more to do here. */
void stack_call(uint64_t stack, void (*fn)(void *arg), void *arg)
{
	stage_park();
	__builtin_unreachable();
}

/* --- a scheduler that only counts ------------------------------------------ */

static uint32_t *nr_ready, *nr_taken;
static void (*main_fn)(void);

static bool sched_has_work(void)
{
	return read_once(*nr_ready) != read_once(*nr_taken);
}

/* Only vcore 0 makes uthreads ready. */
static void sched_runnable(struct uthread *uth)
{
	write_once(*nr_ready, *nr_ready + 1);
	uthread_ask_for_vcores();
}

static void sched_entry(void)
{
	uint32_t taken;

	if (!vcore_id()) {
		main_fn();
		stage_park();
	}
	do {
		taken = read_once(*nr_taken);
		if (taken == read_once(*nr_ready)) {
			vcore_yield(false);
			return;
		}
	} while (!atomic_cas32(nr_taken, taken, taken + 1));
	stage_park();
}

void stage_sched(uint32_t *ready, uint32_t *taken, uint32_t nr_vcores,
		 void (*main)(void))
{
	static const struct sched_ops ops = {
		sched_entry, sched_runnable, sched_has_work,
	};

	nr_ready = ready;
	nr_taken = taken;
	main_fn = main;
	for (uint32_t v = 0; v < nr_vcores; v++)
		vcores[v].ready = true;
	vcore_set_limit(nr_vcores + 1);
	sched_set(&ops);
}

void stage_make_ready(void)
{
	uthread_runnable(&uthread);
}
