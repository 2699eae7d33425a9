/* bad_mbox - a mailbox pointer to anywhere but user-writable memory is refused
 * and counted, whatever type seems to be there. */
#include "test.h"

static const struct event_mbox in_text[3] = {
	{ .type = EV_MBOX_UCQ }, { .type = EV_MBOX_BITMAP },
	{ .type = EV_MBOX_CEQ },
};

static struct event_queue *ev_q;

static void refuse_at(uint64_t va, const char *fact)
{
	uint64_t refused = test_refused();
	uint64_t posted = procinfo->posted;

	ev_q->ev_mbox = (struct event_mbox *)va;
	test_send(ev_q, EV_TEST, 1);
	CHECK(test_refused() == refused + 1 && procinfo->posted == posted,
	      fact);
}

TEST(bad_mbox)
{
	char *page = sys_mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE);

	ev_q = get_eventq_slim();
	/* Nothing is to follow what was not posted. */
	ev_q->ev_flags = EVENT_INDIR | EVENT_IPI | EVENT_WAKEUP;
	sys_munmap(page, PAGE_SIZE);
	refuse_at(8, "page-zero");
	refuse_at(0xffffffff80100000UL, "kernel-text");
	refuse_at(0xffff800000001000UL, "kernel-memory");
	refuse_at(1UL << 47, "not-canonical");
	refuse_at(USER_TOP - 8, "across-the-end");
	refuse_at(-64UL, "wrapping-around");
	refuse_at((uint64_t)page, "unmapped");
	refuse_at((uint64_t)ev_q + 2, "misaligned");
	refuse_at((uint64_t)&in_text[0], "read-only-ucq");
	refuse_at((uint64_t)&in_text[1], "read-only-bitmap");
	refuse_at((uint64_t)&in_text[2], "read-only-ceq");
	refuse_at(PROCINFO_VA, "read-only-window");
	CHECK(procinfo->refused[EVR_BAD_MBOX] >= 7, "counted-as-that");
	CHECK_EQ(procinfo->indirs, 0, "no-indirections");
	CHECK_EQ(ev_q->ev_alert_pending, 0, "no-alert");
	CHECK_EQ(vcpd_of(0)->notif_pending, 0, "no-look");
}
