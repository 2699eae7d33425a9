/* bad_ucq_index - a UCQ whose prod_idx points anywhere is refused or writes in
 * the process's own memory; the kernel and its other queues go on. */
#include "test.h"

#define ROUNDS	2000

static struct event_mbox mbox;

/* Post with prod_idx = @idx: refused? */
static bool refused_with(struct event_queue *ev_q, uint64_t idx)
{
	uint64_t refused = test_refused();
	uint64_t posted = procinfo->posted;

	mbox.ucq.prod_idx = idx;
	mbox.ucq.prod_overflow = 0;
	test_send(ev_q, EV_TEST, 1);
	return test_refused() == refused + 1 && procinfo->posted == posted;
}

/* Anything, but not our program, stack or library. */
static uint64_t random_index(uint64_t page)
{
	static const uint64_t high[] = {
		0, 0x7fffff000, 0x7ffffffff000, 0x800000000000, -4096UL,
		0xffffffff80100000UL, 0xffff800000000000UL, PROCINFO_VA,
	};
	uint32_t which = test_random(9);

	return (which < 8 ? high[which] : page) | test_random(4096);
}

TEST(bad_ucq_index)
{
	struct event_queue *good = get_eventq(EV_MBOX_UCQ);
	struct event_queue *ev_q = get_eventq_slim();
	uint64_t page = mbox_init(&mbox, EV_MBOX_UCQ) ? 0 : mbox.ucq.prod_idx;
	uint64_t posted = procinfo->posted, refused = test_refused();

	ev_q->ev_mbox = &mbox;
	CHECK(refused_with(ev_q, 0), "page-zero");
	CHECK(refused_with(ev_q, USER_TOP), "end-of-user-memory");
	CHECK(refused_with(ev_q, PROCINFO_VA), "read-only");
	CHECK(refused_with(ev_q, 0xffffffff80100000UL), "kernel-text");
	CHECK(refused_with(ev_q, 0xffff800000100000UL), "kernel-memory");
	CHECK_EQ(procinfo->refused[EVR_FAULT], 5, "counted");
	/* The generation may be anything. */
	CHECK(!refused_with(ev_q, page | UCQ_GEN_MASK), "any-generation");

	posted = procinfo->posted;
	refused = test_refused();
	for (int i = 0; i < ROUNDS; i++) {
		mbox.ucq.prod_idx = random_index(page);
		mbox.ucq.prod_overflow = test_random(3);
		mbox.ucq.spare_pg = test_random(2) ? page : 0;
		test_send(ev_q, EV_TEST, 1);
	}
	CHECK_EQ(procinfo->posted - posted + test_refused() - refused, ROUNDS,
		 "each-posted-or-refused");
	test_send(good, EV_TEST, 5);
	CHECK(!mbox_is_empty(good->ev_mbox), "others-go-on");
}
