/* bad_unmapped_in_use - ev_q, mailbox and pages are unmapped by one vcore while
 * another sends: each message is posted or refused, and the kernel goes on.
 *
 * Scenario: cpus=3,4
 */
#include "test.h"

#define SENDS	3000
#define PAGES	3		/* ev_q; mailbox; what that points to */

static char *pages[PAGES];
static uint32_t mbox_type;
static uint32_t over, nr_holes;

/* Set all up in the pages as they are: fresh ones are zero, and any moment
 * between is as good a mailbox as the kernel deserves. */
static void set_up(void)
{
	struct event_queue *ev_q = (struct event_queue *)pages[0];
	struct event_mbox *mbox = (struct event_mbox *)pages[1];

	mbox->type = mbox_type;
	if (mbox_type == EV_MBOX_UCQ) {
		mbox->ucq.prod_idx = (uint64_t)pages[2];
	} else if (mbox_type == EV_MBOX_CEQ) {
		mbox->ceq.events = (struct ceq_event *)pages[2];
		mbox->ceq.ring = (uint32_t *)(pages[2] + 2048);
		mbox->ceq.ring_sz = 16;
		mbox->ceq.nr_events = 50;
	}
	ev_q->ev_mbox = mbox;
}

static bool map(int i)
{
	return sys_mmap(pages[i], PAGE_SIZE, PROT_READ | PROT_WRITE);
}

static void *dig_holes(void *arg)
{
	for (int i = 0; !read_once(over); i = (i + 1) % PAGES) {
		sys_munmap(pages[i], PAGE_SIZE);
		atomic_fetch_add32(&nr_holes, 1);
		if (!map(i))
			break;
		set_up();
	}
	return NULL;
}

static void send_into_holes(uint32_t type, const char *fact)
{
	uint64_t before = procinfo->posted + test_refused();
	struct uthread *digger;

	mbox_type = type;
	set_up();
	write_once(over, 0);
	write_once(nr_holes, 0);
	digger = uthread_create(dig_holes, NULL);
	(void)WAIT(read_once(nr_holes));
	for (uint32_t i = 0; i < SENDS; i++)
		test_send((struct event_queue *)pages[0], i % 50, 1);
	write_once(over, 1);
	uthread_join(digger, NULL);
	CHECK_EQ(procinfo->posted + test_refused() - before, SENDS, fact);
}

TEST(bad_unmapped_in_use)
{
	struct event_queue *good = get_eventq(EV_MBOX_UCQ);
	struct event_msg msg;

	for (int i = 0; i < PAGES; i++)
		pages[i] = sys_mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE);
	REQUIRE(test_vcores(2), "two-vcores");
	send_into_holes(EV_MBOX_BITMAP, "bitmap");
	send_into_holes(EV_MBOX_CEQ, "ceq");
	send_into_holes(EV_MBOX_UCQ, "ucq");
	test_send(good, EV_TEST, 3);
	CHECK(mbox_get(good->ev_mbox, &msg), "a-good-one-works");
}
