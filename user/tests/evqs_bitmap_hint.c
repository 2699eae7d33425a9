/* evqs_bitmap_hint - who takes a bit that hid from another who waits, because
 * the hint was down between his two looks, tells of what he leaves.
 */
#include "blockon.h"
#include "test.h"

static struct event_queue *ev_q;
static uint32_t taken;

static void *wait_for_one(void *arg)
{
	struct event_msg msg;

	if (!uth_blockon_evqs(&msg, NULL, &ev_q, 1, BLOCKON_EVER))
		write_once(taken, 1);
	return NULL;
}

TEST(evqs_bitmap_hint)
{
	struct event_msg msg;
	struct uthread *uth;
	struct evbitmap *bm;

	uthread_set_max_vcores(1);
	ev_q = get_eventq_blockon(EV_MBOX_BITMAP);
	bm = &ev_q->ev_mbox->evbm;
	uth = uthread_create(wait_for_one, NULL);
	uthread_yield();		/* it waits now */
	/* We scan, and find nothing; bits come; we clear the hint ... */
	disable_notifs();
	test_send(ev_q, EV_TEST, 0);
	test_send(ev_q, EV_TEST2, 0);
	write_once(bm->check_bits, 0);
	enable_notifs();
	uthread_yield();		/* it looks, and waits again */
	REQUIRE(!read_once(taken), "hidden");
	/* ... look once more, and take one. */
	write_once(bm->check_bits, 1);
	CHECK_EQ(uth_blockon_evqs(&msg, NULL, &ev_q, 1, BLOCKON_EVER), 0,
		 "one-is-ours");
	CHECK(WAIT((uthread_yield(), read_once(taken))), "other-is-told");
	uthread_join(uth, NULL);
}
