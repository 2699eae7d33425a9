/* yield_refused - a vcore stays when something is pending, when its process
 * wants as many cores as it has, and when it is only being nice; otherwise it
 * leaves.
 */
#include "test.h"

#define TRIES	100

static uint32_t stage;		/* main: what vcore 1 should try; it: done */
static uint32_t returned;

/* Vcore 1 only.  SYS_yield itself, without the library's own looks. */
static void try_to_yield(void)
{
	struct vcpd *vcpd = vcpd_of(1);
	bool nice = read_once(stage) == 3;

	for (int i = 0; i < TRIES; i++) {
		if (read_once(stage) == 1)
			write_once(vcpd->notif_pending, 1);
		sys_yield(nice);
		returned++;
	}
	write_once(stage, 0);
}

static void on_entry(void)
{
	uint32_t now = read_once(stage);

	run_current_uthread();
	if (vcore_id() != 1)
		return;
	if (now && now < 4)
		try_to_yield();
	else if (now == 4)
		sys_yield(false);
}

static void check_stays(uint32_t what, uint32_t wanted, const char *fact)
{
	write_once(returned, 0);
	write_once(procdata->cores_wanted, wanted);
	write_once(stage, what);
	CHECK(WAIT(!read_once(stage) && vcore_is_mapped(1)), fact);
	CHECK_EQ(returned, TRIES, "returned");
}

TEST(yield_refused)
{
	vcore_set_entry(on_entry);
	if (!test_vcores(2)) {
		CHECK(procinfo->nr_cores <= 2, "machine-too-small");
		return;
	}
	check_stays(1, 1, "something-pending");
	check_stays(2, 2, "all-are-wanted");
	check_stays(3, 1, "only-nice");
	write_once(procdata->cores_wanted, 1);
	write_once(stage, 4);
	/* The kernel changes one after the other. */
	CHECK(WAIT(!vcore_is_mapped(1) && num_vcores() == 1), "leaves");
	CHECK_EQ(num_vcores(), 1, "one-less");
}
