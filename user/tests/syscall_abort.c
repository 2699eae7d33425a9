/* syscall_abort - a call that waits can be ended early: it completes with
 * ECANCELED and its event; one that is done can not.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

#define CALLS	50
#define LONG	(1000 * 1000000UL)

static struct syscall calls[CALLS];
static uint32_t heard;

static void on_syscall(struct event_msg *msg, unsigned int ev_type, void *data)
{
	heard++;
}

TEST(syscall_abort)
{
	struct event_queue *ev_q = get_eventq_vcpd(0, EVENT_IPI);
	uint32_t waiting = 0, aborted = 0, canceled = 0, again = 0;

	register_ev_handler(EV_SYSCALL, on_syscall, NULL);
	for (int i = 0; i < CALLS; i++) {
		calls[i].num = SYS_block;
		calls[i].arg[0] = LONG;
		syscall_submit(&calls[i]);
		waiting += register_evq(&calls[i], ev_q);
	}
	CHECK_EQ(waiting, CALLS, "wait");
	/* Every second one, so that the others can be told apart. */
	for (int i = 0; i < CALLS; i += 2)
		aborted += !sys_abort(&calls[i]);
	CHECK_EQ(aborted, CALLS / 2, "aborted");
	CHECK(WAIT(read_once(heard) == CALLS / 2), "heard");
	for (int i = 0; i < CALLS; i++)
		canceled += syscall_done(&calls[i]) &&
			    calls[i].err == ECANCELED && i % 2 == 0;
	CHECK_EQ(canceled, CALLS / 2, "canceled");
	for (int i = 0; i < CALLS; i += 2)
		again += sys_abort(&calls[i]) == -1 && errno == ESRCH;
	CHECK_EQ(again, CALLS / 2, "not-again");
	CHECK_EQ(heard, CALLS / 2, "others-wait-on");
	for (int i = 1; i < CALLS; i += 2)
		sys_abort(&calls[i]);
	CHECK(WAIT(read_once(heard) == CALLS), "all-ended");
}
