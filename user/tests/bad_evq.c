/* bad_evq - an ev_q in page zero, in the kernel, across the end of user memory,
 * unmapped, read-only or misaligned is refused and counted; nothing is sent. */
#include "test.h"

#define KERNEL_TEXT	0xffffffff80100000UL
#define KERNEL_MAP	0xffff800000000000UL

static const char text[4096] __attribute__((aligned(4096))) = { 1 };

static void refuse_at(uint64_t va, const char *fact)
{
	uint64_t refused = procinfo->refused[EVR_BAD_EVQ];
	uint64_t posted = procinfo->posted;

	test_send((struct event_queue *)va, EV_TEST, 1);
	CHECK(procinfo->refused[EVR_BAD_EVQ] == refused + 1 &&
	      procinfo->posted == posted, fact);
}

TEST(bad_evq)
{
	char *page = sys_mmap(NULL, 3 * PAGE_SIZE, PROT_READ | PROT_WRITE);
	struct event_queue *ev_q;

	refuse_at(8, "page-zero");
	refuse_at(USER_LOW - 8, "end-of-page-zero");
	refuse_at(KERNEL_TEXT, "kernel-text");
	refuse_at(KERNEL_MAP, "kernel-memory");
	refuse_at(-8UL, "end-of-all");
	refuse_at(1UL << 47, "not-canonical");
	refuse_at(USER_TOP, "end-of-user-memory");
	refuse_at(USER_TOP - 24, "across-the-end");
	refuse_at(PROCINFO_VA, "read-only-window");
	refuse_at((uint64_t)text, "read-only-data");
	refuse_at((uint64_t)test_main, "program-text");

	sys_munmap(page + PAGE_SIZE, PAGE_SIZE);
	refuse_at((uint64_t)page + PAGE_SIZE, "unmapped");
	refuse_at((uint64_t)page + PAGE_SIZE - 16, "half-unmapped");
	refuse_at((uint64_t)page + PAGE_SIZE - 24, "its-end-unmapped");
	sys_mmap(page + PAGE_SIZE, PAGE_SIZE, PROT_READ);
	refuse_at((uint64_t)page + PAGE_SIZE - 24, "its-end-read-only");
	refuse_at((uint64_t)page + 2 * PAGE_SIZE - 8, "its-begin-read-only");
	refuse_at((uint64_t)page + 1, "misaligned");
	CHECK_EQ(text[0], 1, "read-only-unchanged");

	/* The kernel goes on, and so do we. */
	ev_q = (struct event_queue *)page;
	ev_q->ev_mbox = get_eventq(EV_MBOX_BITMAP)->ev_mbox;
	test_send(ev_q, EV_TEST, 1);
	CHECK(!mbox_is_empty(ev_q->ev_mbox), "a-good-one-works");
}
