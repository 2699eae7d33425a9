/* bad_ucq_spare - a spare page that is in the kernel, unmapped, read-only or
 * no page at all is not used: the message is refused, and the next works. */
#include "test.h"

#define UNMAPPED	0x10000000UL

static struct event_queue *ev_q;

/* Fill a page, with @spare for the next: what was refused, and as what. */
static void refuse_spare(uint64_t spare, enum ev_refusal why, const char *fact)
{
	struct ucq *ucq;
	uint64_t refused = procinfo->refused[why];
	struct event_msg msg;
	uint32_t taken = 0;

	ev_q = get_eventq(EV_MBOX_UCQ);
	ucq = &ev_q->ev_mbox->ucq;
	for (int i = 0; i < UCQ_SLOTS; i++)
		test_send(ev_q, EV_TEST, 1);
	ucq->spare_pg = spare;
	test_send(ev_q, EV_TEST, 1);
	CHECK_EQ(procinfo->refused[why] - refused, 1, fact);
	test_send(ev_q, EV_TEST, 1);
	while (mbox_get(ev_q->ev_mbox, &msg))
		taken++;
	CHECK_EQ(taken, UCQ_SLOTS + 1, "next-one-works");
}

TEST(bad_ucq_spare)
{
	refuse_spare(UNMAPPED, EVR_FAULT, "unmapped");
	refuse_spare(PROCINFO_VA, EVR_FAULT, "read-only");
	refuse_spare(0x400000, EVR_FAULT, "program-text");
	refuse_spare(0xffffffff80100000UL, EVR_BAD_QUEUE, "kernel-text");
	refuse_spare(0xffff800000100000UL, EVR_BAD_QUEUE, "kernel-memory");
	refuse_spare(1UL << 47, EVR_BAD_QUEUE, "not-canonical");
	refuse_spare(UNMAPPED + 8, EVR_BAD_QUEUE, "not-a-page");
	refuse_spare(8, EVR_BAD_QUEUE, "page-zero");
}
