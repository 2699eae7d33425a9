/* bad_syscall_evq - a system call that is to complete with an event to a bad
 * ev_q completes; only the event is refused and counted. */
#include "test.h"

static uint64_t nr_refused(void)
{
	return read_once(procinfo->refused[EVR_BAD_EVQ]);
}

static void complete_to(uint64_t va, const char *fact)
{
	struct syscall sc = {
		.num = SYS_block,
		.arg = { 2000 },
		.flags = SC_UEVENT,
		.ev_q = (struct event_queue *)va,
	};
	uint64_t refused = nr_refused();

	syscall_submit(&sc);
	CHECK(WAIT(syscall_done(&sc)) && sc.retval == 0 &&
	      nr_refused() == refused + 1, fact);
}

/* The struct itself is gone when the call completes. */
static void struct_goes(void)
{
	struct syscall *sc = sys_mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE);

	sc->num = SYS_block;
	sc->arg[0] = 2000;
	syscall_submit(sc);
	CHECK_EQ(sys_munmap(sc, PAGE_SIZE), 0, "struct-unmapped-in-mid-call");
	CHECK_EQ(sys_block(20000), 0, "and-the-machine-goes-on");
}

TEST(bad_syscall_evq)
{
	complete_to(0, "null");
	complete_to(8, "page-zero");
	complete_to(0xffffffff80100000UL, "kernel-text");
	complete_to(USER_TOP - 8, "across-the-end");
	complete_to(PROCINFO_VA, "read-only");
	struct_goes();
}
