/* evq_generation - an indirection that names an earlier life of an ev_q, or the
 * time between two, is ignored: neither the old handler nor the new one is
 * called, nor that of what lies in the mailbox. */
#include "test.h"

#define OTHER	1U		/* offline; its mailbox keeps things */

static uint32_t nr_old, nr_new, nr_late, nr_barrier;

static void old_life(struct event_queue *ev_q)
{
	nr_old++;
}

static void new_life(struct event_queue *ev_q)
{
	atomic_fetch_add32(&nr_new, 1);
}

static void on_late(struct event_msg *msg, unsigned int ev_type, void *data)
{
	nr_late++;
}

static void on_barrier(struct event_msg *msg, unsigned int ev_type, void *data)
{
	atomic_fetch_add32(&nr_barrier, 1);
}

/* Make the process's vcore 0 look into the mailbox of vcore 1, and wait until
 * it has. */
static bool look_into_other(void)
{
	struct event_msg msg = {
		.ev_type = EV_CHECK_MSGS,
		.ev_arg2 = OTHER,
	};
	uint32_t before = read_once(nr_barrier);

	sys_self_notify(0, EV_CHECK_MSGS, &msg, false);
	sys_self_notify(0, EV_TEST, NULL, false);
	return WAIT(read_once(nr_barrier) == before + 1);
}

/* A message that was posted just as @ev_q was put back. */
static void test_between_lives(struct event_queue *ev_q)
{
	struct event_queue late = { .ev_mbox = ev_q->ev_mbox };
	struct event_msg msg = {
		.ev_type = EV_EVENT,
		.ev_arg2 = ev_q->ev_gen,
		.ev_arg3 = ev_q,
	};

	register_ev_handler(EV_FREE_APPLE_PIE, on_late, NULL);
	test_send(&late, EV_FREE_APPLE_PIE, 3);
	sys_self_notify(OTHER, EV_EVENT, &msg, false);
	CHECK(look_into_other(), "looked-between-lives");
	CHECK_EQ(nr_late, 0, "handler-of-its-type");
}

TEST(evq_generation)
{
	struct event_queue *ev_q = get_eventq(EV_MBOX_UCQ), *again = NULL;
	uint32_t gen = ev_q->ev_gen;

	register_ev_handler(EV_TEST, on_barrier, NULL);
	mbox_init(&vcpd_of(OTHER)->mbox_public, EV_MBOX_UCQ);
	ev_q->ev_vcore = OTHER;
	ev_q->ev_flags = EVENT_INDIR;
	ev_q->ev_handler = old_life;
	test_send(ev_q, EV_TEST2, 1);
	put_eventq(ev_q);
	CHECK(!mbox_is_empty(&vcpd_of(OTHER)->mbox_public), "on-its-way");

	/* Out of this or a later get, the same memory comes again. */
	for (int i = 0; i < 1000 && again != ev_q; i++)
		again = get_eventq(EV_MBOX_UCQ);
	REQUIRE(again == ev_q, "memory-is-an-ev_q-again");
	CHECK(ev_q->ev_gen != gen, "another-generation");
	CHECK(mbox_is_empty(ev_q->ev_mbox), "born-empty");
	CHECK_EQ(ev_q->ev_alert_pending, 0, "born-without-alert");
	ev_q->ev_handler = new_life;
	CHECK(look_into_other(), "looked");
	CHECK(mbox_is_empty(&vcpd_of(OTHER)->mbox_public), "arrived");
	CHECK_EQ(nr_old, 0, "old-handler");
	CHECK_EQ(nr_new, 0, "new-handler");

	ev_q->ev_vcore = OTHER;
	ev_q->ev_flags = EVENT_INDIR;
	test_send(ev_q, EV_TEST2, 2);
	CHECK(look_into_other(), "looked-again");
	CHECK_EQ(nr_new, 1, "new-life-works");

	put_eventq(ev_q);
	test_between_lives(ev_q);
}
