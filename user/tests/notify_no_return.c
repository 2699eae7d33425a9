/* notify_no_return - when a handler does not return, the messages behind it are
 * handled all the same: it reenters, or switches to another uthread.
 *
 * Scenario: cpus=1,4
 */
#include "test.h"

#define BATCH	40
#define ROUNDS	20

static uint32_t handled;
static uint32_t reentered, switched;
static struct event_queue *vcpd_evq;
static struct uthread *parked;

static void after(void)
{
	reentered++;
}

static void on_reenter(struct event_msg *msg, unsigned int ev_type, void *data)
{
	handled++;
	vcore_reenter(after);
}

/* Have the interrupted uthread wait in the queue, and run the parked one. */
static void on_switch(struct event_msg *msg, unsigned int ev_type, void *data)
{
	struct uthread *current = NULL, *next = parked;

	handled++;
	if (next)
		current = detach_current_uthread();
	if (!current)
		return;
	parked = NULL;
	switched++;
	uthread_runnable(current);
	run_uthread(next);
}

/* Send the batch from vcore context: all of it is there before any is seen. */
static void on_send(struct event_msg *msg, unsigned int ev_type, void *data)
{
	struct event_msg batch = { .ev_type = EV_TEST2 };

	for (int i = 0; i < BATCH; i++)
		sys_send_event(vcpd_evq, &batch, 0);
}

static void park(struct uthread *uth, void *arg)
{
	parked = uth;
}

static void *be_switched_to(void *arg)
{
	for (int i = 0; i < ROUNDS; i++)
		uthread_block(park, NULL);
	return NULL;
}

/* Several messages, and only then a look at them. */
static void send_batch(struct event_queue *ev_q, uint16_t ev_type)
{
	struct event_msg msg = { .ev_type = ev_type };

	disable_notifs();
	for (int i = 0; i < BATCH; i++)
		sys_send_event(ev_q, &msg, 0);
	enable_notifs();
}

static void check_batch(struct event_queue *ev_q, const char *fact)
{
	handled = 0;
	send_batch(ev_q, EV_TEST);
	CHECK(WAIT(read_once(handled) == BATCH), fact);
}

TEST(notify_no_return)
{
	struct event_queue *indir = get_eventq(EV_MBOX_UCQ);
	struct uthread *uth;

	vcpd_evq = get_eventq_vcpd(0, EVENT_IPI);
	indir->ev_flags = EVENT_INDIR | EVENT_IPI;
	register_ev_handler(EV_TEST, on_reenter, NULL);
	register_ev_handler(EV_TEST2, on_switch, NULL);
	register_ev_handler(EV_USER_IPI, on_send, NULL);
	check_batch(vcpd_evq, "public-mailbox");
	check_batch(get_eventq_vcpd(0, EVENT_IPI | EVENT_VCORE_PRIVATE),
		    "private-mailbox");
	check_batch(indir, "event-queue");
	CHECK_EQ(reentered, 3 * BATCH, "reentered-each-time");

	uthread_set_max_vcores(1);
	uth = uthread_create(be_switched_to, NULL);
	handled = 0;
	for (uint32_t i = 0; i < ROUNDS; i++) {
		uthread_yield();
		sys_self_notify(0, EV_USER_IPI, NULL, true);
		if (!WAIT(read_once(handled) == (i + 1) * BATCH))
			break;
	}
	CHECK_EQ(handled, ROUNDS * BATCH, "behind-a-switch");
	CHECK_EQ(switched, ROUNDS, "switched-each-time");
	CHECK_EQ(uthread_join(uth, NULL), 0, "ends");
}
