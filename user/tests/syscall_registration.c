/* syscall_registration - a call that completes while an ev_q is registered for
 * it sends one EV_SYSCALL if that succeeded, and none if it did not.
 *
 * [sysc-done]
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

#define ROUNDS	400

static struct syscall calls[ROUNDS];
static uint32_t heard[ROUNDS];		/* EV_SYSCALLs, by call */
static uint32_t strange;

static void on_syscall(struct event_msg *msg, unsigned int ev_type, void *data)
{
	struct syscall *sc = msg->ev_arg3;

	if (sc < calls || sc >= calls + ROUNDS || !(sc->flags & SC_DONE))
		strange++;
	else
		heard[sc - calls]++;
}

TEST(syscall_registration)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ);
	uint32_t registered = 0, done_before = 0, wrong = 0, failed = 0;

	ev_q->ev_flags = EVENT_INDIR | EVENT_IPI | EVENT_WAKEUP;
	register_ev_handler(EV_SYSCALL, on_syscall, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		struct syscall *sc = &calls[i];
		bool told;

		sc->num = SYS_block;
		sc->arg[0] = test_random(60);
		syscall_submit(sc);
		for (uint32_t k = test_random(4000); k; k--)
			compiler_barrier();
		told = register_evq(sc, ev_q);
		registered += told;
		done_before += !told;
		/* A second one would come after this, or never. */
		if (!WAIT(syscall_done(sc) && read_once(heard[i]) == told))
			break;
		failed += sc->retval != 0;
	}
	for (int i = 0; i < ROUNDS; i++)
		wrong += heard[i] > 1;
	CHECK_EQ(registered + done_before, ROUNDS, "all-completed");
	CHECK_EQ(wrong, 0, "heard-twice");
	CHECK_EQ(strange, 0, "of-no-call");
	CHECK_EQ(failed, 0, "failed");
}
