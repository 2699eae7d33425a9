/* bad_ceq - a CEQ whose sizes or pointers make no sense is refused, or writes
 * in the process's own memory; the kernel goes on. */
#include "test.h"

#define KERNEL		0xffff800000100000UL

static struct event_queue *ev_q;
static struct ceq good;

/* Post on event @id with the CEQ as it is now, and make it good again. */
static void refuse(unsigned int id, enum ev_refusal why, const char *fact)
{
	uint64_t refused = procinfo->refused[why];
	uint64_t posted = procinfo->posted;

	test_send(ev_q, id, 1);
	CHECK(procinfo->refused[why] == refused + 1 &&
	      procinfo->posted == posted, fact);
	memset(good.events, 0, 16 * sizeof(*good.events));
	ev_q->ev_mbox->ceq = good;
}

static void bad_shapes(struct ceq *ceq)
{
	ceq->ring_sz = 0;
	refuse(1, EVR_BAD_QUEUE, "ring-of-none");
	ceq->ring_sz = 3;
	refuse(1, EVR_BAD_QUEUE, "ring-no-power-of-two");
	ceq->ring_sz = 0xffffffff;
	refuse(1, EVR_BAD_QUEUE, "ring-of-all-ones");
	ceq->ring_sz = 0x80000000;
	ceq->prod_idx = ceq->cons_pub = 0x7fffffff;
	refuse(1, EVR_FAULT, "ring-beyond-its-memory");
	ceq->nr_events = 0;
	refuse(1, EVR_BAD_TYPE, "no-events");
	ceq->nr_events = 0xffffffff;
	refuse(65535, EVR_FAULT, "more-events-than-there-are");
}

static void bad_pointers(struct ceq *ceq)
{
	ceq->events = NULL;
	refuse(1, EVR_FAULT, "events-in-page-zero");
	ceq->events = (struct ceq_event *)KERNEL;
	refuse(1, EVR_FAULT, "events-in-the-kernel");
	ceq->events = (struct ceq_event *)(-24UL * 8);
	refuse(9, EVR_FAULT, "events-that-wrap-around-to-page-zero");
	ceq->events = (struct ceq_event *)((uint64_t)good.events + 2);
	refuse(1, EVR_FAULT, "events-misaligned");
	ceq->events = (struct ceq_event *)PROCINFO_VA;
	refuse(1, EVR_FAULT, "events-read-only");
	ceq->ring = NULL;
	refuse(1, EVR_FAULT, "ring-in-page-zero");
	ceq->ring = (uint32_t *)KERNEL;
	refuse(1, EVR_FAULT, "ring-in-the-kernel");
	ceq->ring = (uint32_t *)PROCINFO_VA;
	refuse(1, EVR_FAULT, "ring-read-only");
}

/* Indices that say nothing true only say "full". */
static void bad_indices(struct ceq *ceq)
{
	struct event_msg msg;

	ceq->prod_idx = 5;
	ceq->cons_pub = 0x80000000;
	test_send(ev_q, 1, 1);
	CHECK_EQ(ceq->ring_overflowed, 1, "indices-apart-are-an-overflow");
	ceq->prod_idx = ceq->cons_pub = ceq->cons_pvt = 0;
	CHECK(mbox_get(ev_q->ev_mbox, &msg), "and-recovered");
	ceq->max_event_ever = 0xffffffff;
	ceq->operation = 77;
	test_send(ev_q, 2, 1);
	CHECK(mbox_get(ev_q->ev_mbox, &msg), "other-nonsense-is-no-harm");
	ev_q->ev_mbox->ceq = good;
}

TEST(bad_ceq)
{
	struct event_msg msg;

	ev_q = get_eventq_raw();
	REQUIRE(!ceq_init(&ev_q->ev_mbox->ceq, CEQ_OR, 16, 8), "init");
	ev_q->ev_mbox->type = EV_MBOX_CEQ;
	good = ev_q->ev_mbox->ceq;
	bad_shapes(&ev_q->ev_mbox->ceq);
	bad_pointers(&ev_q->ev_mbox->ceq);
	bad_indices(&ev_q->ev_mbox->ceq);
	test_send(ev_q, 1, 5);
	CHECK(mbox_get(ev_q->ev_mbox, &msg) && msg.ev_arg2 == 5,
	      "good-again-works");
}
