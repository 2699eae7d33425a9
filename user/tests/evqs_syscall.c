/* evqs_syscall - a system call can be waited for with a time limit: when that
 * is over it is aborted, and its completion comes by the same ev_q.
 *
 * Scenario: cpus=1,4
 */
#include "blockon.h"
#include "clock.h"
#include "test.h"
#include "unistd.h"

#define ROUNDS	20

static struct event_queue *ev_q;

/* Wait for @sc as a program would: true if it was in time. */
static bool wait_in_time(struct syscall *sc, uint64_t ns)
{
	struct event_msg msg;
	bool in_time;

	if (!register_evq(sc, ev_q))
		return true;
	in_time = !uth_blockon_evqs(&msg, NULL, &ev_q, 1, clock_ns() + ns);
	if (!in_time) {
		sys_abort(sc);
		uth_blockon_evqs(&msg, NULL, &ev_q, 1, BLOCKON_EVER);
	}
	CHECK(msg.ev_type == EV_SYSCALL && msg.ev_arg3 == sc, "its-own");
	return in_time;
}

static void read_from(int fd, char *c, struct syscall *sc)
{
	*sc = (struct syscall){
		.num = SYS_read,
		.arg = { (uint64_t)fd, (uint64_t)c, 1 },
	};
	syscall_submit(sc);
}

TEST(evqs_syscall)
{
	struct syscall sc;
	int fds[2];
	char c = 0;

	ev_q = get_eventq_blockon(EV_MBOX_UCQ);
	REQUIRE(!pipe(fds), "pipe");
	for (int i = 0; i < ROUNDS; i++) {
		read_from(fds[0], &c, &sc);
		CHECK(!wait_in_time(&sc, NSEC_PER_MSEC), "nothing-to-read");
		CHECK_EQ(sc.err, ECANCELED, "aborted");
		read_from(fds[0], &c, &sc);
		write(fds[1], "x", 1);
		CHECK(wait_in_time(&sc, 10 * NSEC_PER_SEC), "read-in-time");
		CHECK_EQ(c, 'x', "what-was-written");
		c = 0;
	}
}
