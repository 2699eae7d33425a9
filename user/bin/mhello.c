/*
 * mhello.c - a many-core process: one line from each of its vcores.
 *
 * No uthreads here: the program takes the place of the scheduler, so what a
 * vcore runs on entry is on_vcore(), in vcore context.
 */
#include "atomic.h"
#include "clock.h"
#include "stdio.h"
#include "stdlib.h"
#include "string.h"
#include "syscall.h"
#include "unistd.h"
#include "uthread.h"
#include "vcore.h"

#define PATIENCE	(20 * NSEC_PER_SEC)

static uint32_t nr_wanted;		/* fixed before the first comes */
static uint32_t nr_spoken;		/* atomic */
static uint32_t all_came;		/* were all online at one time? */
static bool spoken[MAX_VCORES];		/* each by its own vcore */

static void speak(void)
{
	uint32_t vcoreid = vcore_id();

	if (spoken[vcoreid])
		return;
	spoken[vcoreid] = true;
	printf("hello from vcore %u of process %d, on core %u\n", vcoreid,
	       getpid(), procinfo->vcoremap[vcoreid].coreid);
	atomic_fetch_add32(&nr_spoken, 1);
}

/* Called after every entry, and again and again while it returns. */
static void on_vcore(void)
{
	speak();
	run_current_uthread();		/* main(), if it was here */
	/* To yield while others still wait for a core would be wrong: the next
	 * one granted would be this vcore's again. */
	if (num_vcores() == nr_wanted)
		write_once(all_came, 1);
	if (read_once(all_came))
		vcore_yield(false);
	cpu_relax_bounded();
}

static int wait_for_all(uint32_t n)
{
	uint64_t deadline = clock_ns() + PATIENCE;

	while (read_once(nr_spoken) < n) {
		if (clock_ns() > deadline) {
			dprintf(2, "mhello: only %u of %u vcores came\n",
				read_once(nr_spoken), n);
			return 1;
		}
		cpu_relax_bounded();
	}
	return 0;
}

int main(int argc, char *argv[])
{
	/* Core 0 is for single-core processes, the shell among them. */
	long n = procinfo->nr_cores - 1;
	int err;

	if (argc > 2 ||
	    (argc == 2 && !word_to_number(argv[1], 1, UINT32_MAX, &n))) {
		dprintf(2, "usage: mhello [VCORES]\n");
		return 2;
	}
	if (!n) {
		speak();
		printf("mhello: with one core this is all\n");
		return 0;
	}
	nr_wanted = (uint32_t)n;
	vcore_set_entry(on_vcore);
	err = vcore_request_total(nr_wanted);
	if (err) {
		dprintf(2, "mhello: %ld vcores: %s, at most %u\n", n,
			strerror(-err), max_vcores());
		return 1;
	}
	/* main() went on without an entry, so enter: an event of no type. */
	sys_self_notify(vcore_id(), EV_NONE, NULL, true);
	return wait_for_all(nr_wanted);
}
